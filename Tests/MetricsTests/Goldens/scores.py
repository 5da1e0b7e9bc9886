"""Writes scores.json: what scikit-learn and SciPy say about a few score lists. Run: python3 scores.py (scikit-learn 1.x)."""
import json
import pathlib

import numpy as np
import scipy.stats
import sklearn.metrics as m

rng = np.random.default_rng(7)


def case(name, scores, positives, weights=None):
    y, s = np.asarray(positives, int), np.asarray(scores, float)
    fpr, tpr, _ = m.roc_curve(y, s, sample_weight=weights, drop_intermediate=False)
    threshold = float(np.quantile(s, 0.7))
    precision, recall, thresholds = m.precision_recall_curve(y, s)
    f1s = [(m.f1_score(y, s >= t), t) for t in np.unique(s)]
    return {
        "name": name,
        "scores": s.tolist(),
        "positives": [bool(v) for v in y],
        "weights": None if weights is None else np.asarray(weights, float).tolist(),
        "averagePrecision": m.average_precision_score(y, s, sample_weight=weights),
        "areaUnderROC": m.roc_auc_score(y, s, sample_weight=weights),
        "recallAtTenPercent": float(tpr[fpr <= 0.1 + 1e-12].max()),
        "threshold": threshold,
        "f1": m.f1_score(y, s >= threshold, sample_weight=weights),
        "bestF1": max(f1s)[0],
        "bestThreshold": max(f1s)[1],
        # From the highest threshold down, without scikit-learn's closing point (1, 0).
        "curvePrecision": precision[:-1][::-1].tolist(),
        "curveRecall": recall[:-1][::-1].tolist(),
        "curveThresholds": thresholds[::-1].tolist(),
        "rocFalsePositiveRate": None if weights is not None else fpr.tolist(),
        "rocRecall": None if weights is not None else tpr.tolist(),
    }


def draw(count, share, digits=None):
    y = rng.random(count) < share
    s = 1 / (1 + np.exp(-(rng.normal(size=count) + 1.2 * y - 1)))
    return (s if digits is None else np.round(s, digits)), y


cases = []
for name, count, share, digits in [
    ("balanced", 40, 0.5, None),
    ("rare", 120, 0.06, None),
    ("heavy ties", 80, 0.2, 1),
    ("some ties", 60, 0.3, 2),
]:
    s, y = draw(count, share, digits)
    cases.append(case(name, s, y))
    cases.append(case(name + ", multiplicities", s, y, rng.multinomial(count, np.full(count, 1 / count))))
cases.append(case("all scores equal", np.full(12, 0.4), np.arange(12) < 3))
cases.append(case("perfect", np.linspace(1, 0, 10), np.arange(10) < 4))
cases.append(case("reversed", np.linspace(0, 1, 10), np.arange(10) < 4))

quantiles = [
    {"probability": p, "degrees": df, "t": float(scipy.stats.t.ppf(p, df)), "normal": float(scipy.stats.norm.ppf(p))}
    for p in (0.005, 0.1, 0.5, 0.8, 0.975, 0.9995)
    for df in (1, 2, 4, 9, 30, 199)
]
values = rng.normal(size=23)
sample = {"values": values.tolist(), "quantiles": [[q, float(np.quantile(values, q))] for q in (0, 0.025, 0.37, 0.5, 1)]}
lines = ",\n".join(json.dumps(c) for c in cases)
text = f'{{"cases": [\n{lines}\n],\n"quantiles": {json.dumps(quantiles)},\n"sample": {json.dumps(sample)}}}\n'
pathlib.Path(__file__).with_suffix(".json").write_text(text)
