"""Statistics of measured numbers: spreads, ratios of pairs, slopes, growth."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The middle of some measurements and the ends of their range."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Iterable[float]) -> "Spread":
        values = sorted(values)
        return Spread(statistics.median(values), values[0], values[-1])


def pair_ratios(theirs: Sequence[float], ours: Sequence[float]) -> list[float]:
    """How many times as long they took as we, pair by pair: above 1 we are faster."""
    return [a / b for a, b in zip(theirs, ours, strict=True)]


def slope(points: Iterable[tuple[float, float]]) -> float:
    """The exponent p of y = c·x^p, by least squares on logarithms."""
    xs, ys = zip(*((math.log(x), math.log(y)) for x, y in points))
    return statistics.linear_regression(xs, ys).slope


def growth(values: Sequence[float], start: int) -> float:
    """How much the largest value after `start` exceeds the one there, as a fraction of that."""
    return max(values[start + 1:]) / values[start] - 1
