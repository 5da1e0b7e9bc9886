"""JPEG files like photographs: smooth fields of several scales with a little noise, the same for the same seed."""

import os
from pathlib import Path

import numpy
from PIL import Image


def picture(random: numpy.random.Generator, width: int, height: int) -> Image.Image:
    pixels = numpy.zeros((height, width, 3), numpy.float32)
    for cells, weight in ((3, 45), (9, 25), (27, 12), (81, 5)):
        for channel in range(3):
            field = Image.fromarray(random.standard_normal((cells, cells), numpy.float32))
            pixels[..., channel] += weight * numpy.asarray(field.resize((width, height), Image.Resampling.BICUBIC))
    pixels += pixels.mean(axis=2, keepdims=True) + 128  # channels mostly agree
    pixels += 3 * random.standard_normal(pixels.shape, numpy.float32)
    return Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))


def folder(path: Path, count: int, seed: int, short: tuple[int, int] = (256, 285)) -> Path:
    """`count` files; the short side lies in `short`, the long one is up to 320."""
    path.mkdir(parents=True)
    random = numpy.random.default_rng(seed)
    for index in range(count):
        side = int(random.integers(short[0], short[1], endpoint=True))
        sides = [side, int(random.integers(side, 320, endpoint=True))]
        random.shuffle(sides)
        picture(random, *sides).save(path / f"{index:05}.jpg", quality=90)
    return path


def linked(path: Path, source: Path, count: int) -> Path:
    """`count` names for the files of `source`, by hard links."""
    path.mkdir(parents=True)
    files = sorted(source.iterdir())
    for index in range(count):
        os.link(files[index % len(files)], path / f"{index:06}.jpg")
    return path
