"""Writes the small ONNX models of the tests into src/test/resources/models.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_models.py

The models do arithmetic that the tests can repeat, so that no expected answer has to be stored.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).parent.parent / "resources" / "models"
IR_VERSION = 10
OPSETS = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]

NUMERIC = {
    "BOOL": TensorProto.BOOL,
    "INT8": TensorProto.INT8,
    "INT16": TensorProto.INT16,
    "INT32": TensorProto.INT32,
    "INT64": TensorProto.INT64,
    "UINT8": TensorProto.UINT8,
    "UINT16": TensorProto.UINT16,
    "UINT32": TensorProto.UINT32,
    "UINT64": TensorProto.UINT64,
    "FP16": TensorProto.FLOAT16,
    "BF16": TensorProto.BFLOAT16,
    "FP32": TensorProto.FLOAT,
    "FP64": TensorProto.DOUBLE,
}


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, initializers=(), check=True, **options):
    graph = helper.make_graph(list(nodes), name.replace("/", "_"), inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=IR_VERSION, producer_name="slipway-tests")
    if check:
        onnx.checker.check_model(model)
    path = TARGET / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    onnx.save(model, str(path), **options)


def datatypes():
    """Every numeric datatype, once as it came and once as FP64, which shows how it was read."""
    inputs, outputs, nodes = [], [], []
    for name, kind in NUMERIC.items():
        inputs.append(tensor(name, kind, ["batch", 2]))
        nodes.append(helper.make_node("Identity", [name], [f"same_{name}"]))
        nodes.append(helper.make_node("Cast", [name], [f"wide_{name}"], to=TensorProto.DOUBLE))
        outputs.append(tensor(f"same_{name}", kind, ["batch", 2]))
        outputs.append(tensor(f"wide_{name}", TensorProto.DOUBLE, ["batch", 2]))
    save("datatypes", nodes, inputs, outputs)


def strings():
    """text + mark, text itself, and count * 2: outputs of variable and of fixed size side by side."""
    save(
        "strings",
        [
            helper.make_node("StringConcat", ["text", "mark"], ["marked"]),
            helper.make_node("Identity", ["text"], ["same"]),
            helper.make_node("Add", ["count", "count"], ["doubled"]),
        ],
        [tensor("text", TensorProto.STRING, ["batch", 2]), tensor("count", TensorProto.INT64, ["batch", 1])],
        [
            tensor("marked", TensorProto.STRING, ["batch", 2]),
            tensor("same", TensorProto.STRING, ["batch", 2]),
            tensor("doubled", TensorProto.INT64, ["batch", 1]),
        ],
        [helper.make_tensor("mark", TensorProto.STRING, [1], ["!".encode()])],
    )


def scores(name, key_kind, **labels):
    """Softmax over the three inputs themselves, as a classifier from scikit-learn is converted."""
    sequence = helper.make_sequence_type_proto(
        helper.make_map_type_proto(key_kind, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    )
    classlabels = {f"classlabels_{kind}": values for kind, values in labels.items()}
    classifier = {"classlabels_ints" if "int64s" in labels else "classlabels_strings": list(labels.values())[0]}
    save(
        name,
        [
            helper.make_node(
                "LinearClassifier",
                ["x"],
                ["label", "probabilities"],
                domain="ai.onnx.ml",
                coefficients=[1.0, 0, 0, 0, 1, 0, 0, 0, 1],
                intercepts=[0.0, 0, 0],
                multi_class=0,
                post_transform="SOFTMAX",
                **classifier,
            ),
            helper.make_node("ZipMap", ["probabilities"], ["scores"], domain="ai.onnx.ml", **classlabels),
        ],
        [tensor("x", TensorProto.FLOAT, ["batch", 3])],
        [tensor("label", key_kind, ["batch"]), helper.make_value_info("scores", sequence)],
    )


def fixed():
    two = numpy_helper.from_array(np.float32(2), "two")
    save(
        "fixed",
        [helper.make_node("Mul", ["x", "two"], ["y"])],
        [tensor("x", TensorProto.FLOAT, [1, 3])],
        [tensor("y", TensorProto.FLOAT, [1, 3])],
        [two],
    )


def dynamic():
    """Twice the input, and the sum of each row, for rows of any length."""
    save(
        "dynamic",
        [
            helper.make_node("Add", ["x", "x"], ["doubled"]),
            helper.make_node("ReduceSum", ["x", "axes"], ["sum"], keepdims=0),
        ],
        [tensor("x", TensorProto.FLOAT, ["batch", "length"])],
        [
            tensor("doubled", TensorProto.FLOAT, ["batch", "length"]),
            tensor("sum", TensorProto.FLOAT, ["batch"]),
        ],
        [numpy_helper.from_array(np.array([1], np.int64), "axes")],
    )


def external():
    """The identity matrix times 3, with the matrix in a file of its own."""
    (TARGET / "external" / "model.weights").unlink(missing_ok=True)
    save(
        "external/model",
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 16])],
        [tensor("y", TensorProto.FLOAT, ["batch", 16])],
        [numpy_helper.from_array(np.eye(16, dtype=np.float32) * 3, "weights")],
        save_as_external_data=True,
        location="model.weights",
        size_threshold=16,
    )


def escape():
    """The same weights, but taken from outside the model's own folder, which must be refused."""
    weights = TensorProto(
        name="weights", data_type=TensorProto.FLOAT, dims=[16, 16], data_location=TensorProto.EXTERNAL
    )
    for key, value in {"location": "../external/model.weights", "offset": "0", "length": "1024"}.items():
        entry = weights.external_data.add()
        entry.key, entry.value = key, value
    save(
        "escape/model",
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 16])],
        [tensor("y", TensorProto.FLOAT, ["batch", 16])],
        [weights],
        check=False,
    )


def slow():
    """Multiplies by the identity matrix 200,000 times, some seconds in many small nodes."""
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["state", "identity"], ["next"]),
            helper.make_node("Identity", ["condition"], ["again"]),
        ],
        "body",
        [
            tensor("iteration", TensorProto.INT64, []),
            tensor("condition", TensorProto.BOOL, []),
            tensor("state", TensorProto.FLOAT, ["batch", 32]),
        ],
        [tensor("again", TensorProto.BOOL, []), tensor("next", TensorProto.FLOAT, ["batch", 32])],
    )
    save(
        "slow",
        [helper.make_node("Loop", ["rounds", "true", "x"], ["y"], body=body)],
        [tensor("rounds", TensorProto.INT64, [1]), tensor("x", TensorProto.FLOAT, ["batch", 32])],
        [tensor("y", TensorProto.FLOAT, ["batch", 32])],
        [
            numpy_helper.from_array(np.array(True), "true"),
            numpy_helper.from_array(np.eye(32, dtype=np.float32), "identity"),
        ],
    )


def nonzero():
    """The output's length depends on the values."""
    save(
        "nonzero",
        [helper.make_node("NonZero", ["x"], ["indices"])],
        [tensor("x", TensorProto.FLOAT, [4])],
        [tensor("indices", TensorProto.INT64, [1, "count"])],
    )


def unknown_rank():
    """Squeeze without axes: the rank cannot be inferred while the batch is unknown."""
    output = onnx.ValueInfoProto(name="y")
    output.type.tensor_type.elem_type = TensorProto.FLOAT
    save(
        "unknown_rank",
        [helper.make_node("Squeeze", ["x"], ["y"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 1, 4])],
        [output],
        check=False,
    )


def default_input():
    """scale is an input with an initializer, so that callers may leave it out."""
    save(
        "default_input",
        [helper.make_node("Mul", ["x", "scale"], ["y"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 2]), tensor("scale", TensorProto.FLOAT, [1])],
        [tensor("y", TensorProto.FLOAT, ["batch", 2])],
        [numpy_helper.from_array(np.array([5], np.float32), "scale")],
    )


def lookup():
    """Rows of a table by index, and a number from its text: both refuse some values."""
    save(
        "lookup",
        [
            helper.make_node("Gather", ["table", "id"], ["row"], axis=0),
            helper.make_node("Cast", ["text"], ["number"], to=TensorProto.FLOAT),
        ],
        [tensor("id", TensorProto.INT64, ["batch"]), tensor("text", TensorProto.STRING, ["batch", 1])],
        [tensor("row", TensorProto.FLOAT, ["batch", 2]), tensor("number", TensorProto.FLOAT, ["batch", 1])],
        [numpy_helper.from_array(np.array([[1, 2], [3, 4], [5, 6]], np.float32), "table")],
    )


def sequence():
    sequence_type = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, None))
    save(
        "sequence",
        [helper.make_node("SplitToSequence", ["x"], ["parts"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_value_info("parts", sequence_type)],
    )


def unknown_operator():
    save(
        "unknown_operator",
        [helper.make_node("Teleport", ["x"], ["y"])],
        [tensor("x", TensorProto.FLOAT, ["batch", 2])],
        [tensor("y", TensorProto.FLOAT, ["batch", 2])],
        check=False,
    )


if __name__ == "__main__":
    datatypes()
    strings()
    scores("scores_by_number", TensorProto.INT64, int64s=[30, 10, 20])
    scores("scores_by_name", TensorProto.STRING, strings=["pear", "apple", "fig"])
    fixed()
    dynamic()
    external()
    escape()
    slow()
    nonzero()
    unknown_rank()
    default_input()
    lookup()
    sequence()
    unknown_operator()
