package dev.slipway.engine.trees.format;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.protobuf.ProtoReader;
import dev.slipway.core.tensor.DataType;
import dev.slipway.engine.trees.ensemble.Labels;
import dev.slipway.engine.trees.ensemble.Output;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads ONNX models that are one tree ensemble, with casts, scalings, {@code Sigmoid}, {@code Exp}
 * or {@code ZipMap} around it, and refuses every other graph as unsupported.
 *
 * <p>A {@code ZipMap}, a sequence of maps from label to score, becomes the tensor of the scores.
 */
final class OnnxTreeReader {
  private static final String PREFIX = "ai.onnx.ml:";

  private final OnnxGraph graph;
  private final Map<String, Symbol> symbols = new HashMap<>();
  private @Nullable OnnxEnsemble ensemble;

  /** What a name of the graph stands for. */
  private sealed interface Symbol {}

  private record Input(DataType seenAs) implements Symbol {}

  private record Values(List<Output.Step> steps, DataType datatype) implements Symbol {}

  private record Label(DataType datatype, Labels labels) implements Symbol {}

  private record Constant(OnnxTensor tensor) implements Symbol {}

  private OnnxTreeReader(OnnxGraph graph) {
    this.graph = graph;
  }

  static TreeEnsemble read(ByteBuffer bytes) {
    return new OnnxTreeReader(OnnxGraph.read(new ProtoReader(bytes))).ensemble();
  }

  private TreeEnsemble ensemble() {
    if (graph.inputs().size() != 1) {
      throw Rejection.unsupported("%d inputs (expected: 1)", graph.inputs().size());
    }
    OnnxGraph.Value input = graph.inputs().getFirst();
    if (input.shape().rank() != 2) {
      throw Rejection.unsupported(
          "input %s: shape %s (expected: rank 2)", input.name(), input.shape());
    }
    DataType datatype = OnnxGraph.datatype(input.type());
    symbols.put(input.name(), new Input(datatype));
    graph.constants().forEach((name, tensor) -> symbols.put(name, new Constant(tensor)));
    for (OnnxNode node : graph.nodes()) {
      run(node, datatype);
    }
    OnnxEnsemble read = ensemble;
    if (read == null) {
      throw Rejection.unsupported("no tree ensemble in the graph");
    }
    List<Output> outputs = new ArrayList<>();
    for (String name : graph.outputs()) {
      outputs.add(output(name, read));
    }
    return new TreeEnsemble(
        TensorSpec.of(input.name(), datatype, input.shape()),
        read.trees(),
        read.summation(),
        read.head(),
        outputs);
  }

  private Output output(String name, OnnxEnsemble read) {
    return switch (symbol(name)) {
      case Values values -> new Output.Values(name, values.datatype(), values.steps());
      case Label label -> new Output.Label(name, label.datatype(), label.labels());
      case Input i -> throw Rejection.unsupported("output %s: the input itself", name);
      case Constant c -> throw Rejection.unsupported("output %s: a constant", name);
    };
  }

  private Symbol symbol(String name) {
    Symbol symbol = symbols.get(name);
    if (symbol == null) {
      throw Rejection.invalid("graph: '%s' is used before it is defined", Rejection.quote(name));
    }
    return symbol;
  }

  private void define(OnnxNode node, Symbol symbol) {
    define(node.output(0), symbol);
  }

  private void define(String name, Symbol symbol) {
    if (!name.isEmpty() && symbols.put(name, symbol) != null) {
      throw Rejection.invalid("graph: '%s' is defined twice", Rejection.quote(name));
    }
  }

  private void run(OnnxNode node, DataType inputType) {
    Symbol operand = symbol(node.input(0));
    switch (node.operator()) {
      case "Identity", PREFIX + "ZipMap" -> define(node, operand);
      case "Cast" -> define(node, cast(operand, (int) node.integer("to", 0)));
      case "Sigmoid" -> define(node, step(operand, new Output.Step.Sigmoid(), node));
      case "Exp" -> define(node, step(operand, new Output.Step.Exponential(), node));
      case "Mul" -> define(node, multiply(operand, symbol(node.input(1)), node));
      default -> trees(node, operand, inputType);
    }
  }

  private void trees(OnnxNode node, Symbol operand, DataType inputType) {
    if (!(operand instanceof Input input)) {
      throw Rejection.unsupported("a tree ensemble on a computed value");
    }
    if (ensemble != null) {
      throw Rejection.unsupported("two tree ensembles");
    }
    boolean wide = inputType == DataType.FP64;
    DataType scores =
        wide && node.operator().equals(PREFIX + "TreeEnsemble") ? DataType.FP64 : DataType.FP32;
    Values values = new Values(List.of(), scores);
    switch (node.operator()) {
      case PREFIX + "TreeEnsembleRegressor" -> {
        ensemble = OnnxEnsemble.regressor(node, wide);
        define(node, values);
      }
      case PREFIX + "TreeEnsembleClassifier" -> {
        ensemble = OnnxEnsemble.classifier(node, wide);
        Labels labels = OnnxEnsemble.labels(node);
        DataType datatype =
            switch (labels) {
              case Labels.Numbers n -> DataType.INT64;
              case Labels.Texts t -> DataType.BYTES;
            };
        define(node.output(0), new Label(datatype, labels));
        define(node.output(1), values);
      }
      default -> {
        ensemble = OnnxEnsemble.version5(node, wide);
        define(node, values);
      }
    }
  }

  private static Symbol cast(Symbol operand, int to) {
    return switch (operand) {
      case Input input when to == OnnxTensor.FLOAT && input.seenAs() != DataType.FP64 ->
          new Input(DataType.FP32);
      case Values values when to == OnnxTensor.FLOAT && values.datatype() == DataType.FP32 ->
          values;
      case Label label when label.labels() instanceof Labels.Texts && to == OnnxTensor.STRING ->
          label;
      case Label label when label.labels() instanceof Labels.Numbers && to == OnnxTensor.INT64 ->
          new Label(DataType.INT64, label.labels());
      case Label label when label.labels() instanceof Labels.Numbers && to == OnnxTensor.INT32 ->
          new Label(DataType.INT32, label.labels());
      case Input i -> throw unsupportedCast(to);
      case Values v -> throw unsupportedCast(to);
      case Label l -> throw unsupportedCast(to);
      case Constant c -> throw unsupportedCast(to);
    };
  }

  private static SlipwayException unsupportedCast(int to) {
    return Rejection.unsupported("a Cast to ONNX element type %d", to);
  }

  private static Symbol step(Symbol operand, Output.Step step, OnnxNode node) {
    if (!(operand instanceof Values values)) {
      throw Rejection.unsupported("%s of something else than scores", node.operator());
    }
    List<Output.Step> steps = new ArrayList<>(values.steps());
    steps.add(step);
    return new Values(List.copyOf(steps), values.datatype());
  }

  private static Symbol multiply(Symbol a, Symbol b, OnnxNode node) {
    if (a instanceof Constant && !(b instanceof Constant)) {
      return multiply(b, a, node);
    }
    if (b instanceof Constant constant
        && constant.tensor().values().length == 1
        && constant.tensor().rank() <= 2) {
      return step(a, new Output.Step.Multiply(constant.tensor().values()[0]), node);
    }
    throw Rejection.unsupported("Mul by something else than one number");
  }
}
