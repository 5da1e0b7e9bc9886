"""torchvision beside a CPU build of torch.

Package indexes without CPU builds offer torchvision's CUDA build alone. Its own operators cannot be loaded then.
Transforms on Pillow's images and on tensors use none of them, but the import insists on two being declared.
"""

import importlib.util
from pathlib import Path

import torch

_declared = None  # lives as long as the process: declarations end with their library


def _extension() -> Path | None:
    package = importlib.util.find_spec("torchvision")
    if package is None or package.origin is None:
        return None
    return next(Path(package.origin).parent.glob("_C*.so"), None)


def _loads(path: Path | None) -> bool:
    try:
        torch.ops.load_library(str(path))
        return True
    except OSError:
        return False


if not _loads(_extension()):
    _declared = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        _declared.define(f"{name}(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")

from torchvision import io  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

__all__ = ["io", "v2"]
