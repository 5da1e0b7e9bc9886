"""The Inception network of 2015 up to its 768 channels at 17 x 17 (arXiv 1512.00567), as FID and KID use it.

Weights are those of the published TensorFlow graph under its names, batch norm folded into weight and bias.
"""

import torch
from torch.nn import functional as F

from peers.safetensors import read

FEATURES = 768
SIDE = 299


class Inception:
    def __init__(self, path: str) -> None:
        self.tensors = read(path)

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """[N, 3, H, W] in 0 ... 255 to [N, 768]: the mean over space of the last block."""
        return self.stages(images)[-1].mean((2, 3))

    def stages(self, images: torch.Tensor) -> list[torch.Tensor]:
        """What the stem and each of the eight blocks give."""
        x = F.interpolate(images, (SIDE, SIDE), mode="bilinear", align_corners=False)
        x = self._conv((x - 128) / 128, "conv", stride=2, valid=True)  # [N, 32, 149, 149]
        x = self._conv(x, "conv_1", valid=True)  # [N, 32, 147, 147]
        x = F.max_pool2d(self._conv(x, "conv_2"), 3, 2)  # [N, 64, 73, 73]
        x = self._conv(self._conv(x, "conv_3"), "conv_4", valid=True)  # [N, 192, 71, 71]
        stages = [F.max_pool2d(x, 3, 2)]  # [N, 192, 35, 35]
        for name in ("mixed", "mixed_1", "mixed_2"):  # [N, 256 then 288, 35, 35]
            stages.append(self._block(stages[-1], name, tower=2, second_tower=3))
        stages.append(self._reduction(stages[-1], "mixed_3"))  # [N, 768, 17, 17]
        for name in ("mixed_4", "mixed_5", "mixed_6", "mixed_7"):
            stages.append(self._block(stages[-1], name, tower=3, second_tower=5))
        return stages

    def _block(self, x: torch.Tensor, name: str, tower: int, second_tower: int) -> torch.Tensor:
        """Four branches; the towers are so many convolutions long."""
        # The published graph averages over the pixels that exist, not over the margin.
        pooled = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat([
            self._conv(x, f"{name}_conv"), self._chain(x, f"{name}_tower_conv", tower),
            self._chain(x, f"{name}_tower_1_conv", second_tower), self._conv(pooled, f"{name}_tower_2_conv")], 1)

    def _reduction(self, x: torch.Tensor, name: str) -> torch.Tensor:
        tower = self._chain(x, f"{name}_tower_conv", 2)
        return torch.cat([
            self._conv(x, f"{name}_conv", stride=2, valid=True),
            self._conv(tower, f"{name}_tower_conv_2", stride=2, valid=True), F.max_pool2d(x, 3, 2)], 1)

    def _chain(self, x: torch.Tensor, name: str, length: int) -> torch.Tensor:
        for index in range(length):
            x = self._conv(x, f"{name}_{index}" if index else name)
        return x

    def _conv(self, x: torch.Tensor, name: str, stride: int = 1, valid: bool = False) -> torch.Tensor:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        padding = (0, 0) if valid else (weight.shape[2] // 2, weight.shape[3] // 2)
        return F.conv2d(x, weight, bias, stride, padding).relu_()
