"""Writes features.json: what pytorch-fid, clean-fid and prdc say about two small sets of features.

Run: python3 features.py (pytorch-fid 0.3.0, clean-fid 0.1.35, prdc 0.2).
"""
import json
import pathlib

import numpy as np
from cleanfid.fid import kernel_distance
from prdc import compute_prdc
from pytorch_fid.fid_score import calculate_frechet_distance

rng = np.random.default_rng(11)


def case(name, real, synthetic):
    # As Patina gets them: float32.
    real, synthetic = real.astype(np.float32), synthetic.astype(np.float32)
    a, b = real.astype(np.float64), synthetic.astype(np.float64)
    frechet = calculate_frechet_distance(a.mean(0), np.cov(a, rowvar=False), b.mean(0), np.cov(b, rowvar=False))
    manifold = compute_prdc(a, b, nearest_k=5)
    same = min(len(a), len(b))  # of the larger set clean-fid would draw as many
    return {
        "name": name, "features": real.shape[1], "real": real.ravel().tolist(), "synthetic": synthetic.ravel().tolist(),
        "frechet": float(frechet), "kernel": float(kernel_distance(a[:same], b[:same])), **{k: float(v) for k, v in manifold.items()},
    }


def draw(count, features, shift=0.0, scale=1.0):
    mixing = np.random.default_rng(5).normal(size=(features, features)) / features**0.5
    return scale * rng.normal(size=(count, features)) @ mixing + shift


cases = [
    case("alike", draw(60, 6), draw(50, 6)),
    case("moved", draw(60, 6), draw(60, 6, shift=0.8)),
    case("narrower", draw(40, 8), draw(70, 8, scale=0.4)),
    case("fewer images than features", draw(9, 12), draw(10, 12, shift=0.3)),
]
path = pathlib.Path(__file__).with_name("features.json")
path.write_text(json.dumps({"cases": cases}, indent=None, separators=(",", ":")) + "\n")
