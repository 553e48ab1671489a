"""Makes metrics.txt beside this file: python make_metrics.py (scikit-learn 1.9.1, NumPy 2.4.6).

Each case is a line of labels and one of scores, followed by what scikit-learn says of them.
"""
import math
import pathlib

import numpy as np
from sklearn import metrics

random = np.random.default_rng(20261125)
cases = []
for rows, share, digits in [(5, 0.4, 1), (40, 0.5, 1), (200, 0.1, 2), (1000, 0.03, 8), (300, 0.5, 0)]:
    labels = (random.random(rows) < share).astype(int)
    labels[0], labels[1] = 0, 1
    scores = np.round(np.clip(0.3 * labels + random.random(rows) * 0.8, 0, 1), digits)
    cases.append((labels, scores))
cases.append((np.array([0, 1, 1, 0]), np.array([0.5, 0.5, 0.5, 0.5])))
cases.append((np.array([0, 0, 1, 1]), np.array([0.0, 0.0, 1.0, 1.0])))

lines = []
for labels, scores in cases:
    called = scores >= 0.5
    values = {
        "auc": metrics.roc_auc_score(labels, scores),
        "average_precision": metrics.average_precision_score(labels, scores),
        "log_loss": metrics.log_loss(labels, scores, labels=[0, 1]),
        "brier": metrics.brier_score_loss(labels, scores),
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called),
        "recall": metrics.recall_score(labels, called),
        "f1": metrics.f1_score(labels, called, zero_division=0),
        "rmse": math.sqrt(metrics.mean_squared_error(labels, scores)),
        "mae": metrics.mean_absolute_error(labels, scores),
    }
    lines.append(" ".join(str(label) for label in labels))
    lines.append(" ".join(repr(float(score)) for score in scores))
    lines.append(" ".join(f"{name}={float(value)!r}" for name, value in values.items()))
(pathlib.Path(__file__).parent / "metrics.txt").write_text("\n".join(lines) + "\n")
