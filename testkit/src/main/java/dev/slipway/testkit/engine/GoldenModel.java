package dev.slipway.testkit.engine;

import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.ModelArtifact;
import java.util.List;

/**
 * A model with answers that are known from elsewhere.
 *
 * @param name shown in the test's name
 * @param cases at least one
 * @param tolerance largest difference allowed in a floating-point output, relative to the expected
 *     value where that is above 1; 0 means equal bits, but any NaN equals any other
 */
public record GoldenModel(
    String name, ModelArtifact artifact, List<GoldenCase> cases, double tolerance) {
  /**
   * One request and its answer.
   *
   * @param inputs in the signature's order
   * @param outputs in the signature's order
   */
  public record GoldenCase(List<Tensor> inputs, List<Tensor> outputs) {
    public GoldenCase {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  public GoldenModel {
    cases = List.copyOf(cases);
    if (cases.isEmpty()) {
      throw new IllegalArgumentException(name + ": no golden case (expected: at least one)");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
