package dev.slipway.platform.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.SyntheticInputs;
import java.util.List;

/**
 * One real inference before a version is kept: with the example request, or, where there is none,
 * with made-up inputs. The answer has to be what the signature promises.
 */
final class TrialRun {
  /** Lengths tried, in this order, for dimensions that the signature leaves open. */
  private static final int[] LENGTHS = {1, 2, 3, 4, 8, 10, 16, 28, 32, 64, 128, 224, 256, 512};

  /** Elements beyond which no further length is tried. */
  private static final double ELEMENTS_MAX = 1 << 22;

  private static final long SEED = 1;

  private final ModelSignature signature;
  private final InferenceSession session;

  TrialRun(ModelSignature signature, InferenceSession session) {
    this.signature = signature;
    this.session = session;
  }

  /**
   * @throws SlipwayException MODEL_INVALID if the model accepts none, or answers otherwise than it
   *     promises; UPSTREAM_FAILED if it is a remote one that does not answer
   */
  void withSyntheticInputs() {
    SlipwayException first = null;
    for (int length : hasOpenLengths() ? LENGTHS : new int[] {1}) {
      if (first != null && elements(length) > ELEMENTS_MAX) {
        break;
      }
      try {
        requireAsSigned(
            session.infer(SyntheticInputs.of(signature, 1, length, SEED), CallContext.NO_DEADLINE));
        return;
      } catch (SlipwayException e) {
        requireOfTheModel(e);
        first = first == null ? e : first;
      }
    }
    throw new SlipwayException(
        ErrorCode.MODEL_INVALID,
        "the model answers no made-up request: %s; give an example_request in %s if it needs certain values"
            .formatted(first == null ? "" : first.getMessage(), ModelDescriptionReader.FILE),
        first);
  }

  /**
   * @param example in the signature's order
   * @throws SlipwayException as {@link #withSyntheticInputs}
   */
  void withExample(List<Tensor> example) {
    List<Tensor> outputs;
    try {
      outputs = session.infer(example, CallContext.NO_DEADLINE);
    } catch (SlipwayException e) {
      requireOfTheModel(e);
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID,
          "the model does not answer its example_request: " + e.getMessage(),
          e);
    }
    requireAsSigned(outputs);
  }

  private static void requireOfTheModel(SlipwayException e) {
    if (e.code() == ErrorCode.UPSTREAM_FAILED) {
      throw e;
    }
  }

  /** Elements of all inputs together, as a number too large to overflow. */
  private double elements(int length) {
    double sum = 0;
    for (TensorSpec spec : signature.inputs()) {
      double product = 1;
      for (int i = 0; i < spec.shape().rank(); i++) {
        long dimension = spec.shape().dimension(i);
        product *= dimension != Shape.DYNAMIC ? dimension : i == 0 ? 1 : length;
      }
      sum += product;
    }
    return sum;
  }

  private boolean hasOpenLengths() {
    return signature.inputs().stream()
        .map(TensorSpec::shape)
        .anyMatch(shape -> shape.rank() > 1 && shape.withFirst(1).isDynamic());
  }

  private void requireAsSigned(List<Tensor> outputs) {
    List<TensorSpec> specs = signature.outputs();
    if (outputs.size() != specs.size()) {
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID,
          "the model answers %d outputs (expected: %d)".formatted(outputs.size(), specs.size()));
    }
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      Tensor output = outputs.get(i);
      if (!output.name().equals(spec.name())
          || output.datatype() != spec.datatype()
          || !spec.shape().accepts(output.shape())) {
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID,
            "output %s: the model answers %s %s %s (expected: %s %s)"
                .formatted(
                    spec.name(),
                    output.name(),
                    output.datatype(),
                    output.shape(),
                    spec.datatype(),
                    spec.shape()));
      }
    }
  }
}
