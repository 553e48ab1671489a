"""Turns a LightGBM booster for binary classification into ONNX: float [batch, features] to probability [batch, 1].

Each threshold is rounded down to the nearest FP32 number, so that for FP32 inputs `x <= threshold` decides as
it does in LightGBM, which compares in FP64: every row reaches the same leaf.
"""

import numpy as np
from onnx import TensorProto, checker, helper

OPSET = 15
ML_OPSET = 3
IR_VERSION = 8


def to_onnx(booster):
    dump = booster.dump_model()
    if not dump["objective"].startswith("binary sigmoid:1"):
        raise ValueError(f"objective: {dump['objective']} (expected: binary sigmoid:1)")
    nodes = {key: [] for key in ("treeids", "nodeids", "modes", "featureids", "values", "truenodeids",
                                 "falsenodeids", "missing_value_tracks_true")}
    leaves = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree in dump["tree_info"]:
        _append_tree(tree["tree_index"], tree["tree_structure"], nodes, leaves)
    ensemble = helper.make_node(
        "TreeEnsembleRegressor", ["input"], ["margin"], domain="ai.onnx.ml", n_targets=1,
        aggregate_function="SUM", post_transform="NONE",
        **{f"nodes_{key}": values for key, values in nodes.items()},
        **{f"target_{key}": values for key, values in leaves.items()})
    graph = helper.make_graph(
        [ensemble, helper.make_node("Sigmoid", ["margin"], ["probability"])],
        "fraud",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", booster.num_feature()])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["batch", 1])])
    model = helper.make_model(
        graph, ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)])
    checker.check_model(model)
    return model


def _append_tree(tree_id, root, nodes, leaves):
    """Appends the nodes depth first; a node's id is its place in that order."""
    next_id = 0

    def append(node):
        nonlocal next_id
        node_id, next_id = next_id, next_id + 1
        at = len(nodes["treeids"])
        is_leaf = "leaf_value" in node
        if not is_leaf and node["decision_type"] != "<=":
            raise ValueError(f"decision_type: {node['decision_type']} (expected: <=)")
        for key, value in (("treeids", tree_id), ("nodeids", node_id),
                           ("modes", "LEAF" if is_leaf else "BRANCH_LEQ"),
                           ("featureids", 0 if is_leaf else node["split_feature"]),
                           ("values", 0.0 if is_leaf else _fp32_not_above(node["threshold"])),
                           ("missing_value_tracks_true", 0 if is_leaf else int(node["default_left"])),
                           ("truenodeids", 0), ("falsenodeids", 0)):
            nodes[key].append(value)
        if is_leaf:
            for key, value in (("treeids", tree_id), ("nodeids", node_id), ("ids", 0),
                               ("weights", node["leaf_value"])):
                leaves[key].append(value)
        else:
            nodes["truenodeids"][at] = append(node["left_child"])
            nodes["falsenodeids"][at] = append(node["right_child"])
        return node_id

    append(root)


def _fp32_not_above(threshold):
    rounded = np.float32(threshold)
    if float(rounded) > threshold:
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return float(rounded)
