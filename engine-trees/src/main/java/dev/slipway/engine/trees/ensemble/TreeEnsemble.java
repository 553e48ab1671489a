package dev.slipway.engine.trees.ensemble;

import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.List;

/**
 * A tree model, complete: what every reader makes and every forest is compiled from. Immutable.
 *
 * @param input the one input, of rank 2; its datatype decides which keys the splits are in: those
 *     of FP64 for FP64, those of FP32 for everything else
 * @param trees in the order in which they add
 */
public record TreeEnsemble(
    TensorSpec input, List<Tree> trees, Summation summation, Head head, List<Output> outputs) {
  public TreeEnsemble {
    trees = List.copyOf(trees);
    outputs = List.copyOf(outputs);
  }

  /** Whether splits are in the keys of FP64. */
  public boolean hasWideKeys() {
    return input.datatype() == DataType.FP64;
  }

  public ModelSignature signature() {
    long rows = input.shape().dimension(0);
    return new ModelSignature(
        List.of(input), outputs.stream().map(output -> spec(output, rows)).toList());
  }

  private TensorSpec spec(Output output, long rows) {
    Shape shape =
        switch (output) {
          case Output.Values values -> Shape.of(rows, head.width());
          case Output.Label label -> Shape.of(rows);
        };
    return TensorSpec.of(output.name(), output.datatype(), shape);
  }
}
