"""Writes fraud-xgboost.onnx: the fraud example's XGBoost model as ONNX Runtime reads it, for the comparison of the engines.

    pip install numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0 xgboost-cpu==3.2.0
    python bench/models/xgboost_onnx.py
"""

import json
import math
import pathlib

import numpy as np
import onnxruntime
import xgboost
from onnx import TensorProto, checker, helper, save

HERE = pathlib.Path(__file__).parent
UBJSON = HERE / "../../examples/fraud/models/fraud-xgboost/fraud-xgboost.ubj"
ONNX = HERE / "fraud-xgboost.onnx"


def to_onnx(learner):
    """One regressor for the margins and a sigmoid; `x < threshold` and the FP32 numbers are XGBoost's own."""
    nodes = {key: [] for key in ("treeids", "nodeids", "modes", "featureids", "values", "truenodeids",
                                 "falsenodeids", "missing_value_tracks_true")}
    leaves = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree_id, tree in enumerate(learner["gradient_booster"]["model"]["trees"]):
        for node_id, left in enumerate(tree["left_children"]):
            is_leaf = left == -1
            number = tree["split_conditions"][node_id]
            for key, value in (("treeids", tree_id), ("nodeids", node_id),
                               ("modes", "LEAF" if is_leaf else "BRANCH_LT"),
                               ("featureids", tree["split_indices"][node_id]),
                               ("values", 0.0 if is_leaf else number),
                               ("truenodeids", 0 if is_leaf else left),
                               ("falsenodeids", 0 if is_leaf else tree["right_children"][node_id]),
                               ("missing_value_tracks_true", tree["default_left"][node_id])):
                nodes[key].append(value)
            if is_leaf:
                for key, value in (("treeids", tree_id), ("nodeids", node_id), ("ids", 0), ("weights", number)):
                    leaves[key].append(value)
    (base,) = json.loads(learner["learner_model_param"]["base_score"])
    features = int(learner["learner_model_param"]["num_feature"])
    ensemble = helper.make_node(
        "TreeEnsembleRegressor", ["input"], ["margin"], domain="ai.onnx.ml", n_targets=1,
        aggregate_function="SUM", post_transform="NONE", base_values=[math.log(base / (1 - base))],
        **{f"nodes_{key}": values for key, values in nodes.items()},
        **{f"target_{key}": values for key, values in leaves.items()})
    graph = helper.make_graph(
        [ensemble, helper.make_node("Sigmoid", ["margin"], ["probability"])],
        "fraud",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", features])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["batch", 1])])
    model = helper.make_model(
        graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 3)])
    checker.check_model(model)
    return model


def main():
    booster = xgboost.Booster(model_file=UBJSON)
    save(to_onnx(json.loads(booster.save_raw("json"))["learner"]), ONNX)
    booster.feature_names = None
    rows = np.random.default_rng(1).uniform(0, 100, (20_000, booster.num_features())).astype(np.float32)
    (served,) = onnxruntime.InferenceSession(ONNX).run(None, {"input": rows})
    worst = np.abs(served[:, 0] - booster.predict(xgboost.DMatrix(rows))).max()
    print(f"{ONNX.name}: differs from XGBoost by at most {worst:.2g} on {len(rows):,} rows")
    if worst > 1e-5:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
