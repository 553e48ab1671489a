package dev.slipway.platform.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.SyntheticInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One real inference before a version is kept: with the example request, or, where there is none,
 * with made-up inputs.
 */
final class TrialRun {
  /** Lengths tried, in this order, for dimensions that the signature leaves open. */
  private static final int[] LENGTHS = {1, 2, 3, 4, 8, 10, 16, 28, 32, 64, 128, 224, 256, 512};

  private static final long SEED = 1;

  private final ModelSignature signature;
  private final EngineSettings settings;

  TrialRun(ModelSignature signature, EngineSettings settings) {
    this.signature = signature;
    this.settings = settings;
  }

  /**
   * Runs the model on made-up inputs.
   *
   * @throws SlipwayException MODEL_INVALID if it accepts none, and what the engine says of a model
   *     that cannot be loaded
   */
  void withSyntheticInputs(ModelEngine engine, ModelArtifact artifact) {
    try (LoadedModel model = engine.load(artifact, settings);
        InferenceSession session = model.openSession()) {
      SlipwayException first = null;
      for (int length : LENGTHS) {
        try {
          requireAsSigned(session.infer(inputs(length), CallContext.NO_DEADLINE));
          return;
        } catch (SlipwayException e) {
          if (isOfTheUpstream(e)) {
            throw e;
          }
          first = first == null ? e : first;
        }
        if (!hasOpenLengths()) {
          break;
        }
      }
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID,
          "the model answers no made-up request: %s; give an example_request in %s if it needs certain values"
              .formatted(first == null ? "" : first.getMessage(), ModelDescriptionReader.FILE),
          first);
    }
  }

  /**
   * Runs the model on the example request.
   *
   * @throws SlipwayException MODEL_INVALID if it does not answer it
   */
  void withExample(ModelEngine engine, ModelArtifact artifact, List<Tensor> example) {
    List<Tensor> inputs = inSignatureOrder(example);
    try (LoadedModel model = engine.load(artifact, settings);
        InferenceSession session = model.openSession()) {
      List<Tensor> outputs;
      try {
        outputs = session.infer(inputs, CallContext.NO_DEADLINE);
      } catch (SlipwayException e) {
        if (isOfTheUpstream(e)) {
          throw e;
        }
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID,
            "the model does not answer its example_request: " + e.getMessage(),
            e);
      }
      requireAsSigned(outputs);
    }
  }

  private static boolean isOfTheUpstream(SlipwayException e) {
    return e.code() == ErrorCode.UPSTREAM_FAILED;
  }

  private List<Tensor> inputs(int length) {
    return SyntheticInputs.of(signature, 1, length, SEED);
  }

  private boolean hasOpenLengths() {
    return signature.inputs().stream()
        .map(TensorSpec::shape)
        .anyMatch(shape -> shape.rank() > 1 && shape.withFirst(1).isDynamic());
  }

  private List<Tensor> inSignatureOrder(List<Tensor> example) {
    Set<String> names =
        signature.inputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
    for (Tensor tensor : example) {
      if (!names.contains(tensor.name())) {
        throw invalidExample(
            "unknown input '%s'%s".formatted(tensor.name(), DidYouMean.hint(tensor.name(), names)));
      }
    }
    List<Tensor> ordered = new ArrayList<>();
    for (TensorSpec spec : signature.inputs()) {
      List<Tensor> given =
          example.stream().filter(tensor -> tensor.name().equals(spec.name())).toList();
      if (given.isEmpty()) {
        if (!spec.optional()) {
          throw invalidExample("input '%s' is missing".formatted(spec.name()));
        }
        continue;
      }
      requireFits(spec, given.getFirst());
      ordered.add(given.getFirst());
    }
    return ordered;
  }

  private static void requireFits(TensorSpec spec, Tensor tensor) {
    if (tensor.datatype() != spec.datatype()) {
      throw invalidExample(
          "%s.datatype: %s (expected: %s)"
              .formatted(spec.name(), tensor.datatype(), spec.datatype()));
    }
    if (!spec.shape().accepts(tensor.shape())) {
      throw invalidExample(
          "%s.shape: %s (expected: %s)".formatted(spec.name(), tensor.shape(), spec.shape()));
    }
  }

  private static SlipwayException invalidExample(String what) {
    return new SlipwayException(ErrorCode.CONFIGURATION_INVALID, "example_request: " + what);
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
      Shape shape = output.shape();
      if (!output.name().equals(spec.name())
          || output.datatype() != spec.datatype()
          || !spec.shape().accepts(shape)) {
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID,
            "output %s: the model answers %s %s %s (expected: %s %s)"
                .formatted(
                    spec.name(),
                    output.name(),
                    output.datatype(),
                    shape,
                    spec.datatype(),
                    spec.shape()));
      }
    }
  }
}
