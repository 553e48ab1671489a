package dev.slipway.engine.trees.ensemble;

import dev.slipway.core.tensor.DataType;
import java.util.List;

/** One output tensor of the model. */
public sealed interface Output {
  String name();

  DataType datatype();

  /**
   * All values of a row: shape [rows, width].
   *
   * @param datatype FP32 or FP64
   * @param steps applied to each value in order
   */
  record Values(String name, DataType datatype, List<Step> steps) implements Output {
    public Values {
      steps = List.copyOf(steps);
    }
  }

  /**
   * The label of a row: shape [rows].
   *
   * @param datatype INT64 or INT32 or FP32 for numbers, BYTES for texts
   */
  record Label(String name, DataType datatype, Labels labels) implements Output {}

  /** An element-wise operation of the graph behind the ensemble. */
  sealed interface Step {
    double apply(double value);

    record Sigmoid() implements Step {
      @Override
      public double apply(double value) {
        return Link.Sigmoid.of(value);
      }
    }

    record Exponential() implements Step {
      @Override
      public double apply(double value) {
        return Math.exp(value);
      }
    }

    record Multiply(double factor) implements Step {
      @Override
      public double apply(double value) {
        return value * factor;
      }
    }
  }
}
