"""Two unpaired folders of JPEG files as PyTorch's users load them: torchvision in a DataLoader with workers."""

import argparse
import os
import random

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from peers.vision import io, v2


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--a", required=True, help="a folder of images")
    parser.add_argument("--b", required=True, help="another folder of images")
    parser.add_argument("--load-size", type=int, help="the short side is resized to this before the crop")
    parser.add_argument("--decoder", choices=["pillow", "torchvision.io"], default="pillow")
    parser.add_argument("--workers", type=int, default=2)


def files(folder: str) -> list[str]:
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


class Unpaired(Dataset):
    """A in turn, B at random, as in the published code; normalised to [-1, 1]."""

    def __init__(self, a: list[str], b: list[str], count: int, pixels: int, options: argparse.Namespace) -> None:
        self.a, self.b, self.count = a, b, count
        self.with_pillow = options.decoder == "pillow"
        resize = [v2.Resize(options.load_size, v2.InterpolationMode.BICUBIC)] if options.load_size else []
        self.transform = v2.Compose([
            *resize, v2.RandomCrop(pixels), v2.RandomHorizontalFlip(), v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)])

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self._load(self.a[index % len(self.a)]), self._load(random.choice(self.b))

    def _load(self, path: str) -> torch.Tensor:
        if self.with_pillow:
            with Image.open(path) as image:
                return self.transform(image.convert("RGB"))
        return self.transform(io.decode_jpeg(io.read_file(path), mode=io.ImageReadMode.RGB))


def batches(options: argparse.Namespace, count: int, batch: int) -> DataLoader:
    images = Unpaired(files(options.a), files(options.b), count, options.pixels, options)
    return DataLoader(
        images, batch, shuffle=True, drop_last=True, num_workers=options.workers,
        persistent_workers=options.workers > 0)
