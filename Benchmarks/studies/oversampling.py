"""Where oversampling helps: average precision of small networks while they learn cracks, with and without it.

    scripts/bench-python -m studies.oversampling MT

A second implementation in PyTorch of what a study does with magnetic tiles, Free against Crack: whole tiles at 64 × 64 pixels, a quarter of the
tiles held out, five splits. Three small networks, one of them without batch norm, which learns much more slowly; Adam, 1e-3, batches of 32.
Average precision of the held-out tiles after so many steps of one training. MT is the folder with MT_Free, MT_Crack and groups.csv.
"""

import argparse
import csv
import pathlib
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

BATCH = 32


@dataclass
class Tiles:
    pixels: torch.Tensor  # N × 1 × 64 × 64, in -1...1
    labels: torch.Tensor  # 1 is a crack
    groups: np.ndarray

    @staticmethod
    def read(folder: pathlib.Path) -> "Tiles":
        with open(folder / "groups.csv") as file:
            group = {row["file"]: row["group"] for row in csv.DictReader(file)}
        pixels, labels, groups = [], [], []
        for label, name in enumerate(("MT_Free", "MT_Crack")):
            for path in sorted((folder / name / "Imgs").glob("*.jpg")):
                image = Image.open(path).convert("L").resize((64, 64), Image.Resampling.BILINEAR)
                pixels.append(np.asarray(image, dtype=np.float32) / 127.5 - 1)
                labels.append(label)
                groups.append(group[path.relative_to(folder).as_posix()])
        return Tiles(torch.tensor(np.stack(pixels))[:, None], torch.tensor(labels), np.array(groups))

    def split(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Training and test. Tiles with cracks and tiles without are divided apart, a tile's exposures never."""
        cracked = sorted(set(self.groups[self.labels.numpy() == 1]))
        clean = sorted(set(self.groups) - set(cracked))
        chance = random.Random(seed)
        chance.shuffle(cracked)
        chance.shuffle(clean)
        held = set(cracked[: round(len(cracked) / 4)]) | set(clean[: round(len(clean) / 4)])
        test = np.array([group in held for group in self.groups])
        return np.where(~test)[0], np.where(test)[0]


def strided(norm: bool, width: int = 16) -> nn.Module:
    """Four convolutions that halve; the mean of each channel."""
    layers, channels = [], 1
    for out in (width, 2 * width, 4 * width, 8 * width):
        layers += [nn.Conv2d(channels, out, 3, stride=2, padding=1, bias=not norm)]
        layers += [nn.BatchNorm2d(out)] if norm else []
        layers += [nn.ReLU()]
        channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 2))


def pooled(width: int = 16) -> nn.Module:
    """Three convolutions at full size; the largest value of each channel, which suits thin cracks."""
    layers, channels = [], 1
    for out in (width, 2 * width, 4 * width):
        layers += [nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
        channels = out
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(channels, 2))


# Each with the steps at which it is asked.
NETWORKS = {
    "batch norm": (lambda: strided(norm=True), (25, 50, 75, 100, 150, 200, 300)),
    "batch norm, maxima": (pooled, (25, 50, 75, 100, 150, 200)),
    "no batch norm": (lambda: strided(norm=False), (100, 150, 200, 300, 500, 1000)),
}


def batches(labels: np.ndarray, oversampled: bool, steps: int, chance: np.random.Generator):
    cracks, clean = np.where(labels == 1)[0], np.where(labels == 0)[0]
    waiting: list[int] = []
    for _ in range(steps):
        if oversampled:
            half = BATCH // 2
            yield np.concatenate([chance.choice(cracks, half), chance.choice(clean, BATCH - half, replace=False)])
            continue
        if len(waiting) < BATCH:
            waiting += list(chance.permutation(len(labels)))
        yield np.array(waiting[:BATCH])
        waiting = waiting[BATCH:]


def average_precision(scores: np.ndarray, labels: np.ndarray) -> float:
    found = labels[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float((precision * found).sum() / found.sum())


def learn(
    tiles: Tiles, build: Callable[[], nn.Module], oversampled: bool, split: int, seed: int, at: tuple[int, ...]
) -> list[float]:
    """Average precision of the test images at these steps."""
    torch.manual_seed(seed)
    training, test = tiles.split(split)
    pixels, labels = tiles.pixels[training], tiles.labels[training]
    model = build().train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    figures = []
    for step, batch in enumerate(batches(labels.numpy(), oversampled, at[-1], np.random.default_rng(seed)), 1):
        loss = functional.cross_entropy(model(pixels[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step in at:
            model.eval()
            with torch.no_grad():
                answers = model(tiles.pixels[test])
            model.train()
            scores = (answers[:, 1] - answers[:, 0]).numpy()
            figures.append(average_precision(scores, tiles.labels[test].numpy()))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, metavar="MT")
    parser.add_argument("--splits", type=int, default=5, metavar="N")
    parser.add_argument("--seeds", type=int, default=2, metavar="N")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tiles = Tiles.read(options.data)
    for name, (build, at) in NETWORKS.items():
        # sampling, split, seed, step
        figures = np.array([
            [
                [learn(tiles, build, oversampled, split, seed, at) for seed in range(options.seeds)]
                for split in range(options.splits)
            ]
            for oversampled in (False, True)
        ])
        print(f"{name}: steps, natural, oversampled, difference by split", flush=True)
        by_split = figures.mean(axis=2)
        for index, step in enumerate(at):
            natural, oversampled = by_split[:, :, index]
            gains = " ".join(f"{gain:+.2f}" for gain in oversampled - natural)
            print(f"{step:5d}  {natural.mean():.2f}  {oversampled.mean():.2f}  {gains}", flush=True)


if __name__ == "__main__":
    main()
