package dev.slipway.engine.trees.format;

import dev.slipway.core.protobuf.ProtoReader;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The graph of an ONNX model: nodes in their order, inputs, outputs and the constants small enough
 * to matter.
 *
 * @param inputs those that a caller must give
 */
record OnnxGraph(
    List<OnnxNode> nodes,
    List<Value> inputs,
    List<String> outputs,
    Map<String, OnnxTensor> constants) {

  /** Operators that a graph may hold for this engine to look closer. */
  static final Set<String> OPERATORS =
      Set.of(
          "ai.onnx.ml:TreeEnsembleRegressor",
          "ai.onnx.ml:TreeEnsembleClassifier",
          "ai.onnx.ml:TreeEnsemble",
          "ai.onnx.ml:ZipMap",
          "Identity",
          "Cast",
          "Sigmoid",
          "Exp",
          "Mul");

  /** Constants larger than this belong to no operator that is understood here. */
  private static final int CONSTANT_BYTES_MOST = 1 << 16;

  /**
   * A typed input.
   *
   * @param type the element type's number in ONNX; 0 where it is no tensor
   */
  record Value(String name, int type, Shape shape) {}

  /**
   * @throws dev.slipway.core.error.SlipwayException FORMAT_UNSUPPORTED as soon as a node is met
   *     that this engine does not know
   */
  static OnnxGraph read(ProtoReader model) {
    ProtoReader graph = null;
    while (model.next()) {
      switch (model.field()) {
        case 7 -> graph = model.message();
        case 25 -> throw Rejection.unsupported("a graph with functions of its own");
        default -> {}
      }
    }
    if (graph == null) {
      throw Rejection.invalid("no graph (expected: an ONNX model)");
    }
    List<OnnxNode> nodes = new ArrayList<>();
    List<Value> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxTensor> constants = new HashMap<>();
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> nodes.add(known(OnnxNode.read(graph.message())));
        case 5 -> {
          ByteBuffer bytes = graph.bytes();
          if (bytes.remaining() > CONSTANT_BYTES_MOST) {
            throw Rejection.unsupported("a constant of %d bytes", bytes.remaining());
          }
          OnnxTensor tensor = OnnxTensor.read(new ProtoReader(bytes));
          constants.put(tensor.name(), tensor);
        }
        case 11 -> inputs.add(value(graph.message()));
        case 12 -> outputs.add(value(graph.message()).name());
        case 15 -> throw Rejection.unsupported("a sparse constant");
        default -> {}
      }
    }
    inputs.removeIf(input -> constants.containsKey(input.name()));
    return new OnnxGraph(nodes, inputs, outputs, constants);
  }

  private static OnnxNode known(OnnxNode node) {
    if (!OPERATORS.contains(node.operator())) {
      throw Rejection.unsupported(
          "operator %s (expected: a tree ensemble and at most casts, scalings, Sigmoid, Exp or"
              + " ZipMap around it; other graphs run in ONNX Runtime)",
          Rejection.quote(node.operator()));
    }
    return node;
  }

  private static Value value(ProtoReader message) {
    String name = "";
    int type = 0;
    List<Long> shape = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> {
          ProtoReader typed = message.message();
          while (typed.next()) {
            if (typed.field() == 1) {
              type = tensorType(typed.message(), shape);
            }
          }
        }
        default -> {}
      }
    }
    return new Value(name, type, Shape.of(shape.stream().mapToLong(Long::longValue).toArray()));
  }

  private static int tensorType(ProtoReader message, List<Long> shape) {
    int type = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> type = (int) message.integer();
        case 2 -> {
          ProtoReader dimensions = message.message();
          while (dimensions.next()) {
            if (dimensions.field() == 1) {
              shape.add(dimension(dimensions.message()));
            }
          }
        }
        default -> {}
      }
    }
    return type;
  }

  private static long dimension(ProtoReader message) {
    long value = Shape.DYNAMIC;
    while (message.next()) {
      if (message.field() == 1) {
        value = message.integer();
      }
    }
    return value < 0 ? Shape.DYNAMIC : value;
  }

  /** The datatype of an ONNX element type that trees can take. */
  static DataType datatype(int type) {
    return switch (type) {
      case OnnxTensor.FLOAT -> DataType.FP32;
      case OnnxTensor.DOUBLE -> DataType.FP64;
      case OnnxTensor.INT64 -> DataType.INT64;
      case OnnxTensor.INT32 -> DataType.INT32;
      default ->
          throw Rejection.unsupported(
              "input of ONNX element type %d (expected: float, double, int64 or int32)", type);
    };
  }
}
