"""Writes the models that the tests are run against: one folder each, with model.onnx and where needed slipway-model.yaml.

    python models.py FOLDER
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IDENTITIES = {
    "bool": TensorProto.BOOL,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "uint8": TensorProto.UINT8,
    "uint16": TensorProto.UINT16,
    "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64,
    "fp16": TensorProto.FLOAT16,
    "bf16": TensorProto.BFLOAT16,
    "fp32": TensorProto.FLOAT,
    "fp64": TensorProto.DOUBLE,
    "bytes": TensorProto.STRING,
}


def model(graph):
    made = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 16)])
    onnx.checker.check_model(made)
    return made


def identity(element_type, shape):
    return model(helper.make_graph(
        [helper.make_node("Identity", ["in"], ["out"])], "identity",
        [helper.make_tensor_value_info("in", element_type, shape)],
        [helper.make_tensor_value_info("out", element_type, shape)]))


def sum_and_difference():
    shape = ["batch", 16]
    return model(helper.make_graph(
        [helper.make_node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]),
         helper.make_node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])], "sum_and_difference",
        [helper.make_tensor_value_info(name, TensorProto.INT32, shape) for name in ("INPUT0", "INPUT1")],
        [helper.make_tensor_value_info(name, TensorProto.INT32, shape) for name in ("OUTPUT0", "OUTPUT1")]))


def spin():
    """Multiplies matrices `rounds` times, about a millisecond each: a model as slow as the request asks for."""
    size = 256
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]),
         helper.make_node("MatMul", ["carried", "weights"], ["next"])], "body",
        [helper.make_tensor_value_info("round", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("carried", TensorProto.FLOAT, [size, size])],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
         helper.make_tensor_value_info("next", TensorProto.FLOAT, [size, size])])
    rotation = np.roll(np.eye(size, dtype=np.float32), 1, axis=0)
    return model(helper.make_graph(
        [helper.make_node("Squeeze", ["rounds"], ["count"]),
         helper.make_node("Loop", ["count", "yes", "start"], ["end"], body=body),
         helper.make_node("ReduceSum", ["end"], ["total"], keepdims=0),
         helper.make_node("Unsqueeze", ["total", "axis"], ["done"])], "spin",
        [helper.make_tensor_value_info("rounds", TensorProto.INT64, [1])],
        [helper.make_tensor_value_info("done", TensorProto.FLOAT, [1])],
        initializer=[numpy_helper.from_array(rotation, "weights"),
                     numpy_helper.from_array(np.eye(size, dtype=np.float32), "start"),
                     numpy_helper.from_array(np.array(True), "yes"),
                     numpy_helper.from_array(np.array([0], dtype=np.int64), "axis")]))


SPIN_YAML = """\
description: Takes about a millisecond for each round that the request asks for.
scheduling: worker
instances: 1
dynamic_batching: {default_queue_policy: {max_queue_size: 100}}
example_request:
  inputs:
    - {name: rounds, shape: [1], datatype: INT64, data: [1]}
"""

CACHED_YAML = "response_cache: {enable: true}\n"
LIMITED_YAML = "max_batch_size: 4\n"


def write(folder, name, made, yaml=""):
    target = folder / name
    target.mkdir(parents=True)
    onnx.save(made, target / "model.onnx")
    if yaml:
        (target / "slipway-model.yaml").write_text(yaml)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, element_type in IDENTITIES.items():
        write(folder, f"identity_{name}", identity(element_type, ["batch", "n"]))
    write(folder, "identity_cube", identity(TensorProto.FLOAT, ["batch", 2, 3]))
    write(folder, "sum_difference", sum_and_difference())
    write(folder, "cached", identity(TensorProto.FLOAT, ["batch", "n"]), CACHED_YAML)
    write(folder, "limited", identity(TensorProto.FLOAT, ["batch", 2]), LIMITED_YAML)
    write(folder, "spin", spin(), SPIN_YAML)


if __name__ == "__main__":
    main()
