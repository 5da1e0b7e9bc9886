"""The kernel Inception distance: squared maximum mean discrepancy, unbiased (Binkowski et al., arXiv 1801.01401)."""

from dataclasses import dataclass

import numpy as np

SUBSETS, SUBSET_SIZE = 100, 1000


@dataclass
class Estimate:
    value: float
    low: float
    high: float
    method: str


def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(x . y / d + 1)^3 for each pair of rows."""
    return (x @ y.T / x.shape[1] + 1) ** 3


def squared_discrepancy(x: np.ndarray, y: np.ndarray) -> float:
    """Unbiased: an image is never compared with itself. May be below zero."""
    return weighted(kernel(x, x), kernel(y, y), kernel(x, y), np.ones(len(x)), np.ones(len(y)))


def weighted(kxx: np.ndarray, kyy: np.ndarray, kxy: np.ndarray, wx: np.ndarray, wy: np.ndarray) -> float:
    """The same of images that count several times or never. Copies of one image form no pair."""

    def within(k: np.ndarray, w: np.ndarray) -> float:
        return (w @ k @ w - w ** 2 @ np.diag(k)) / (w.sum() ** 2 - (w ** 2).sum())

    return within(kxx, wx) + within(kyy, wy) - 2 * (wx @ kxy @ wy) / (wx.sum() * wy.sum())


def estimate(fake: np.ndarray, real: np.ndarray, draws: int = 1000, seed: int = 0) -> Estimate:
    """Rows are features. The interval holds 95 %: of the subsets' mean, or where sets are small of the bootstrap."""
    fake, real = fake.astype(np.float64), real.astype(np.float64)
    random = np.random.default_rng(seed)
    if min(len(fake), len(real)) >= 2 * SUBSET_SIZE:
        values = [squared_discrepancy(*(rows[random.choice(len(rows), SUBSET_SIZE, replace=False)]
                                        for rows in (fake, real))) for _ in range(SUBSETS)]
        mean, half = float(np.mean(values)), float(1.96 * np.std(values, ddof=1) / SUBSETS ** 0.5)
        return Estimate(mean, mean - half, mean + half, f"mean over {SUBSETS} subsets of {SUBSET_SIZE}")
    kernels = kernel(fake, fake), kernel(real, real), kernel(fake, real)
    values = [weighted(*kernels, *(random.multinomial(n, np.full(n, 1 / n)).astype(float)
                                   for n in (len(fake), len(real)))) for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(squared_discrepancy(fake, real), float(low), float(high), f"whole sets, {draws} bootstrap draws")
