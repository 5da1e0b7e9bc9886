"""Writes inception.safetensors: features of two pictures by the Inception network of Benchmarks/precision, in PyTorch.

Run: python3 inception.py WEIGHTS (a safetensors file of the network up to 768 channels).
"""

import sys
from pathlib import Path

import torch

from goldens import File

sys.path.insert(0, str(Path(__file__).parents[2] / "Benchmarks"))
from precision.inception import Inception  # noqa: E402


def picture(width: int, height: int, factor: int) -> torch.Tensor:
    """[1, 3, height, width] in 0 ... 255, from whole numbers alone: the test makes the same."""
    y, x, c = torch.meshgrid(torch.arange(height), torch.arange(width), torch.arange(3), indexing="ij")
    return ((7 * x + factor * y + 29 * c + x * y % 251) % 256).float().permute(2, 0, 1)[None]


file = File()
network = Inception(sys.argv[1])
with torch.no_grad():
    for name, size in {"small": (64, 48, 13), "large": (320, 310, 5)}.items():
        file.describe(name, size=size)
        file.add(name, "features", network.features(picture(*size)))
Path(__file__).with_name("inception.safetensors").write_bytes(file.encoded())
