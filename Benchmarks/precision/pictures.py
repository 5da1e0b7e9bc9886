"""From image files to features."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from precision.inception import FEATURES, Inception

BATCH = 16


def central(path: Path, size: int) -> np.ndarray:
    """[size, size, 3] bytes: the short side scaled to `size`, then the middle, as `patina synthesize` does."""
    with Image.open(path) as file:
        image = file.convert("RGB")
    short = min(image.size)
    if short != size:
        sides = [(2 * side * size + short) // (2 * short) for side in image.size]
        # A box of whole source pixels is the mean over the area.
        image = image.resize(sides, Image.Resampling.BOX if short > size else Image.Resampling.BICUBIC)
    left, top = ((side - size) // 2 for side in image.size)
    return np.asarray(image.crop((left, top, left + size, top + size)))


def features(network: Inception, paths: Sequence[Path], size: int) -> np.ndarray:
    """[N, 768]"""
    rows = []
    with torch.inference_mode():
        for start in range(0, len(paths), BATCH):
            pixels = np.stack([central(path, size) for path in paths[start:start + BATCH]])
            rows.append(network.features(torch.from_numpy(pixels).permute(0, 3, 1, 2).float()).numpy())
    result = np.concatenate(rows)
    if result.shape != (len(paths), FEATURES) or not np.isfinite(result).all():
        raise ValueError(f"expected {len(paths)} x {FEATURES} finite features, found {result.shape}")
    return result
