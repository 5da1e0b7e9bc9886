"""Checks of the distance and of the feature network. `PYTHONPATH=Benchmarks python -m precision.checks WEIGHTS`"""

import sys

import numpy as np
import torch

from precision.inception import Inception
from precision.kid import kernel, squared_discrepancy, weighted
from precision.verdict import chance_within, compare

# Channels and side after the stem and each block, as published.
STAGES = [(192, 35), (256, 35), (288, 35), (288, 35), (768, 17), (768, 17), (768, 17), (768, 17), (768, 17)]


class Recording(dict):
    """Tensors that know which of them were asked for."""

    def __init__(self, tensors: dict[str, torch.Tensor]) -> None:
        super().__init__(tensors)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> torch.Tensor:
        self.used.add(name)
        return super().__getitem__(name)


def network(weights: str) -> None:
    inception = Inception(weights)
    inception.tensors = Recording(inception.tensors)
    with torch.inference_mode():
        stages = inception.stages(torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 255)
    assert [tuple(stage.shape) for stage in stages] == [(2, channels, side, side) for channels, side in STAGES]
    assert inception.tensors.used == inception.tensors.keys(), "weights without a use"


def distance() -> None:
    random = np.random.default_rng(0)
    x, y = random.standard_normal((5, 7)), random.standard_normal((6, 7)) + 1

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return (sum(p * q for p, q in zip(a, b)) / 7 + 1) ** 3

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    def slow(xs: list[int], ys: list[int]) -> float:
        """Pairs one by one; numbers of images, and no pair of an image and itself or its copy."""
        return (mean([k(x[i], x[j]) for i in xs for j in xs if i != j])
                + mean([k(y[i], y[j]) for i in ys for j in ys if i != j])
                - 2 * mean([k(x[i], y[j]) for i in xs for j in ys]))

    assert np.isclose(squared_discrepancy(x, y), slow(list(range(5)), list(range(6))))
    kernels = kernel(x, x), kernel(y, y), kernel(x, y)
    counts = np.array([2, 0, 1, 1, 1.0]), np.array([0, 3, 1, 1, 0, 1.0])
    assert np.isclose(weighted(*kernels, *counts), slow([0, 0, 2, 3, 4], [1, 1, 1, 2, 3, 5]))


def verdicts() -> None:
    found = compare({0: 1.0, 1: 2.0, 2: 3.0}, {0: 0.5, 1: 2.5, 2: 4.0})
    assert found["verdict"] == "within" and list(found["seed_verdicts"].values()) == ["below", "within", "above"]
    assert compare({0: 1.0, 1: 2.0}, {0: 2.0, 1: 2.5})["verdict"] == "above"
    assert set(compare({0: 1.0, 1: 2.0}, {0: 1.0, 1: 2.0})["seed_verdicts"].values()) == {"within"}
    # Of n + 1 equals each is as likely to be the least or the greatest: n = 3 leaves a half.
    assert abs(chance_within(3, 1) - 0.5) < 0.01


if __name__ == "__main__":
    network(sys.argv[1])
    distance()
    verdicts()
    print("all checks passed")
