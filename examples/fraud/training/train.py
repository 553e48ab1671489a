"""Trains the fraud model with LightGBM on earlier weeks, measures it on later ones, and exports it to ONNX.

    examples/fraud/run features --out target/fraud/features.csv.gz
    python train.py --features target/fraud/features.csv.gz --models examples/fraud/models

Training stops two weeks before the test begins: by then every label of the training weeks has arrived,
so nothing was learned that was not known at the time.
"""

import argparse
import json
import pathlib

import lightgbm
import numpy as np
import onnx
import onnxruntime
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

from lightgbm_onnx import to_onnx

SEED = 20260105
TRAIN_WEEKS = (6, 15)  # both included; the longest window of the features is full on day 37
TEST_WEEKS = (18, 25)
TREES = 100
PARAMETERS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.06,
    "min_child_samples": 60,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "seed": SEED,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbosity": -1,
}


def read(path):
    frame = pd.read_csv(path)
    features = list(frame.columns[frame.columns.get_loc("week") + 1 :])
    # The server receives FP32: learn from the same numbers.
    frame[features] = frame[features].astype(np.float32)
    return frame, features


def weeks(frame, first_and_last):
    return frame[frame["week"].between(*first_and_last)]


def check_export(model_path, booster, rows):
    """ONNX Runtime must score the test rows as LightGBM does."""
    session = onnxruntime.InferenceSession(str(model_path), providers=["CPUExecutionProvider"])
    (served,) = session.run(None, {"input": rows.to_numpy(np.float32)})
    worst = float(np.abs(served[:, 0] - booster.predict(rows)).max())
    if worst > 1e-5:
        raise SystemExit(f"{model_path}: differs from LightGBM by {worst} (expected: <= 1e-5)")
    return served[:, 0], worst


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--features", type=pathlib.Path, required=True)
    arguments.add_argument("--models", type=pathlib.Path, required=True)
    arguments = arguments.parse_args()

    frame, features = read(arguments.features)
    train, test = weeks(frame, TRAIN_WEEKS), weeks(frame, TEST_WEEKS)
    print(f"training on {len(train):,} rows ({train['fraud'].sum():,} frauds)")

    data = lightgbm.Dataset(train[features], label=train["fraud"])
    booster = lightgbm.train(PARAMETERS, data, num_boost_round=TREES)

    text = arguments.models / "fraud-lightgbm-text" / "fraud-lightgbm.txt"
    onnx_file = arguments.models / "fraud-lightgbm" / "fraud-lightgbm.onnx"
    for file in (text, onnx_file):
        file.parent.mkdir(parents=True, exist_ok=True)
    booster.save_model(text)
    onnx.save(to_onnx(booster), onnx_file)

    scores, worst = check_export(onnx_file, booster, test[features])
    metrics = {
        "model": "fraud-lightgbm",
        "library": f"lightgbm {lightgbm.__version__}, onnx {onnx.__version__}, pandas {pd.__version__}",
        "data": {"seed": SEED, "rows": len(frame)},
        "train": {"weeks": TRAIN_WEEKS, "rows": len(train), "frauds": int(train["fraud"].sum())},
        "test": {"weeks": TEST_WEEKS, "rows": len(test), "frauds": int(test["fraud"].sum())},
        "auc": round(roc_auc_score(test["fraud"], scores), 6),
        "average_precision": round(average_precision_score(test["fraud"], scores), 6),
        "export_difference_max": worst,
    }
    (arguments.models / "fraud-lightgbm.metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(f"test: {len(test):,} rows, AUC {metrics['auc']:.4f}, average precision {metrics['average_precision']:.4f}")
    for scenario, rows in test[test["fraud"] == 1].groupby("scenario"):
        caught = np.mean(scores[test.index.get_indexer(rows.index)] > np.quantile(scores, 0.99))
        print(f"  {scenario}: {caught:.0%} of {len(rows):,} among the 1 % highest scores")


if __name__ == "__main__":
    main()
