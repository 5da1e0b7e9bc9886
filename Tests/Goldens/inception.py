"""Writes inception.safetensors: features of two pictures by the Inception network of Benchmarks/precision, in PyTorch.

Run: python3 inception.py WEIGHTS (a safetensors file of the network up to 768 channels).
"""

import sys
from pathlib import Path

import torch

from goldens import File
from inception_pictures import picture

sys.path.insert(0, str(Path(__file__).parents[2] / "Benchmarks"))
from precision.inception import Inception  # noqa: E402


file = File()
network = Inception(sys.argv[1])
with torch.no_grad():
    for name, size in {"small": (64, 48, 13), "large": (320, 310, 5)}.items():
        file.describe(name, size=size)
        file.add(name, "features", network.features(picture(*size)))
Path(__file__).with_name("inception.safetensors").write_bytes(file.encoded())
