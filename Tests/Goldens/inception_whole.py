"""Writes inception_whole.safetensors: features of two pictures by the whole Inception network with made-up weights.

The published weights are not part of this project. These are made of whole numbers by a recipe that the test repeats, so the
file holds features alone, and what scripts/convert-inception makes of the same weights as two sums a tensor. The network stands
here with its batch norms, unfolded, by torchvision's names; the test has it folded.

Run: python3 inception_whole.py [--check]
"""

import sys
from pathlib import Path

import numpy
import torch
from torch.nn import functional as F

from goldens import File
from inception_pictures import picture

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import convert_inception  # noqa: E402

SIDE = 299
# Of each block: the convolution, its outputs and its kernel's height and width.
A = [("branch1x1", 64, 1, 1), ("branch5x5_1", 48, 1, 1), ("branch5x5_2", 64, 5, 5), ("branch3x3dbl_1", 64, 1, 1),
     ("branch3x3dbl_2", 96, 3, 3), ("branch3x3dbl_3", 96, 3, 3)]
B = [("branch3x3", 384, 3, 3), ("branch3x3dbl_1", 64, 1, 1), ("branch3x3dbl_2", 96, 3, 3), ("branch3x3dbl_3", 96, 3, 3)]
D = [("branch3x3_1", 192, 1, 1), ("branch3x3_2", 320, 3, 3), ("branch7x7x3_1", 192, 1, 1), ("branch7x7x3_2", 192, 1, 7),
     ("branch7x7x3_3", 192, 7, 1), ("branch7x7x3_4", 192, 3, 3)]
E = [("branch1x1", 320, 1, 1), ("branch3x3_1", 384, 1, 1), ("branch3x3_2a", 384, 1, 3), ("branch3x3_2b", 384, 3, 1),
     ("branch3x3dbl_1", 448, 1, 1), ("branch3x3dbl_2", 384, 3, 3), ("branch3x3dbl_3a", 384, 1, 3),
     ("branch3x3dbl_3b", 384, 3, 1), ("branch_pool", 192, 1, 1)]


def c(inner: int) -> list:
    return [
        ("branch1x1", 192, 1, 1), ("branch7x7_1", inner, 1, 1), ("branch7x7_2", inner, 1, 7), ("branch7x7_3", 192, 7, 1),
        ("branch7x7dbl_1", inner, 1, 1), ("branch7x7dbl_2", inner, 7, 1), ("branch7x7dbl_3", inner, 1, 7),
        ("branch7x7dbl_4", inner, 7, 1), ("branch7x7dbl_5", 192, 1, 7), ("branch_pool", 192, 1, 1)]


BLOCKS = {
    "5b": A + [("branch_pool", 32, 1, 1)], "5c": A + [("branch_pool", 64, 1, 1)], "5d": A + [("branch_pool", 64, 1, 1)],
    "6a": B, "6b": c(128), "6c": c(160), "6d": c(160), "6e": c(192), "7a": D, "7b": E, "7c": E}


def hashed(name: str, count: int) -> numpy.ndarray:
    """So many numbers in [-1, 1), steps of 2^-15, by the name's bytes and the place."""
    seed = sum((index + 1) * byte for index, byte in enumerate(name.encode())) * 40503
    x = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(2654435761)
    x += numpy.uint32(seed & 0xFFFFFFFF)
    x ^= x >> numpy.uint32(15)
    x *= numpy.uint32(2246822519)
    x ^= x >> numpy.uint32(13)
    return (x >> numpy.uint32(16)).astype(numpy.float64) / 32768 - 1


class Network:
    """By torchvision's names, made as it runs: an input's channels say a kernel's."""

    def __init__(self) -> None:
        self.state = {}

    def conv(self, x: torch.Tensor, name: str, shape: tuple, stride: int = 1, valid: bool = False) -> torch.Tensor:
        outputs, height, width = shape
        key = f"{name}.conv.weight"
        if key not in self.state:
            self._make(name, (outputs, x.shape[1], height, width))
        padding = (0, 0) if valid else (height // 2, width // 2)
        x = F.conv2d(x, self.state[key], None, stride, padding)
        norm = [self.state[f"{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.relu(F.batch_norm(x, *norm, training=False, eps=1e-3))

    def _make(self, name: str, shape: tuple) -> None:
        def tensor(part: str, shape: tuple, centre: float, spread: float) -> None:
            values = centre + spread * hashed(f"{name}.{part}", int(numpy.prod(shape)))
            self.state[f"{name}.{part}"] = torch.from_numpy(values.astype(numpy.float32)).reshape(shape)

        tensor("conv.weight", shape, 0, float(numpy.sqrt(6 / (shape[1] * shape[2] * shape[3]))))
        tensor("bn.weight", shape[:1], 1, 0.5)
        tensor("bn.bias", shape[:1], 0.125, 0.25)
        tensor("bn.running_mean", shape[:1], 0, 0.25)
        tensor("bn.running_var", shape[:1], 1, 0.5)

    def features(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[N, 3, H, W] in 0 ... 255 to [N, 768] and [N, 2048]."""
        x = (F.interpolate(images, (SIDE, SIDE), mode="bilinear", align_corners=False) - 128) / 128
        x = self.conv(x, "Conv2d_1a_3x3", (32, 3, 3), 2, True)
        x = self.conv(x, "Conv2d_2a_3x3", (32, 3, 3), 1, True)
        x = F.max_pool2d(self.conv(x, "Conv2d_2b_3x3", (64, 3, 3)), 3, 2)
        x = self.conv(x, "Conv2d_3b_1x1", (80, 1, 1))
        x = F.max_pool2d(self.conv(x, "Conv2d_4a_3x3", (192, 3, 3), 1, True), 3, 2)
        for block in ("5b", "5c", "5d"):
            x = self.branches(x, block, [["branch1x1"], ["branch5x5_1", "branch5x5_2"],
                                         ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]], "average")
        x = self.branches(x, "6a", [["branch3x3"], ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]], "half")
        for block in ("6b", "6c", "6d", "6e"):
            x = self.branches(x, block, [["branch1x1"], [f"branch7x7_{i}" for i in (1, 2, 3)],
                                         [f"branch7x7dbl_{i}" for i in (1, 2, 3, 4, 5)]], "average")
        middle = x.mean((2, 3))
        x = self.branches(
            x, "7a", [["branch3x3_1", "branch3x3_2"], [f"branch7x7x3_{i}" for i in (1, 2, 3, 4)]], "half")
        # In the published graph the one averages over pixels that exist, the other takes the maximum.
        for block, pool in (("7b", "average"), ("7c", "maximum")):
            x = self.branches(
                x, block, [["branch1x1"], ["branch3x3_1", "branch3x3_2a", "branch3x3_2b"],
                           ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3a", "branch3x3dbl_3b"]], pool)
        return middle, x.mean((2, 3))

    def branches(self, x: torch.Tensor, block: str, chains: list, pool: str) -> torch.Tensor:
        shapes = {name: shape for name, *shape in BLOCKS[block]}

        def run(x: torch.Tensor, name: str, half: bool = False) -> torch.Tensor:
            return self.conv(x, f"Mixed_{block}.{name}", tuple(shapes[name]), 2 if half else 1, half)

        results = []
        for chain in chains:
            y = x
            for name in chain:
                last = pool == "half" and name == chain[-1]
                if name[-1] in "ab":  # side by side
                    results.append(run(y, name))
                else:
                    y = run(y, name, last)
            if chain[-1][-1] != "b":
                results.append(y)
        if pool == "half":
            results.append(F.max_pool2d(x, 3, 2))
        else:
            pooled = (
                F.max_pool2d(x, 3, 1, 1) if pool == "maximum" else F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
            results.append(run(pooled, "branch_pool"))
        return torch.cat(results, 1)


def main() -> int:
    torch.set_num_threads(1)
    file, network = File(), Network()
    with torch.no_grad():
        for name, size in {"small": (64, 48, 13), "large": (320, 310, 5)}.items():
            middle, whole = network.features(picture(*size))
            print(f"{name}: {middle.mean():.4f} ± {middle.std():.4f}, {whole.mean():.4f} ± {whole.std():.4f}")
            file.describe(name, size=size)
            file.add(name, "middle", middle)
            file.add(name, "whole", whole)
    # As the published file has them.
    state = dict(network.state)
    state["fc.weight"], state["fc.bias"] = torch.zeros(1008, 2048), torch.zeros(1008)
    tensors = convert_inception.folded(state)
    sums = []
    for name in sorted(tensors):
        flat = tensors[name].double().flatten()
        sums += [flat.sum(), (flat * (torch.arange(len(flat)) % 1009)).sum() / 1009]
    file.add("converted", "sums", torch.stack(sums))
    path = Path(__file__).with_name("inception_whole.safetensors")
    if "--check" in sys.argv:
        return 0 if path.read_bytes() == file.encoded() else 1
    path.write_bytes(file.encoded())
    if len(sys.argv) > 1:  # for trying the converter
        torch.save(state, sys.argv[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
