"""Real rows of the fraud example, and what the training libraries themselves say about them.

    python expected.py REQUEST.json FRAUD_MODELS FOLDER
"""

import json
import pathlib
import sys

import lightgbm
import numpy as np
import onnxruntime
import xgboost


def main():
    request, models, folder = map(pathlib.Path, sys.argv[1:])
    tensor = json.loads(request.read_text())["inputs"][0]
    rows = np.array(tensor["data"], dtype=np.float32).reshape(tensor["shape"])
    session = onnxruntime.InferenceSession(models / "fraud-lightgbm" / "fraud-lightgbm.onnx",
                                           providers=["CPUExecutionProvider"])
    forest = xgboost.Booster(model_file=models / "fraud-xgboost" / "fraud-xgboost.ubj")
    np.save(folder / "fraud-rows.npy", rows)
    np.savez(
        folder / "fraud-scores.npz",
        fraud_lightgbm=session.run(None, {"input": rows})[0].reshape(-1),
        fraud_lightgbm_text=lightgbm.Booster(
            model_file=models / "fraud-lightgbm-text" / "fraud-lightgbm.txt").predict(rows),
        fraud_xgboost=forest.inplace_predict(rows))


if __name__ == "__main__":
    main()
