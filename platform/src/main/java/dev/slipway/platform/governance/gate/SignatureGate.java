package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.rows.RowModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code signature}: callers can know what to send. Each input and output has a name and, where
 * {@code field_names} asks for it, each field of an input one too; an example request is there, and
 * the version answers it as it promises.
 */
final class SignatureGate implements Gate {
  private final Function<ModelVersion, List<Tensor>> examples;

  /**
   * @param examples gives the checked inputs of a version's example request, none if it has none
   */
  SignatureGate(Function<ModelVersion, List<Tensor>> examples) {
    this.examples = examples;
  }

  private record Settings(boolean fieldNames) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("signature", json);
      Settings settings = new Settings(parameters.flag("field_names", true));
      parameters.requireNoOthers();
      return settings;
    }
  }

  @Override
  public String name() {
    return "signature";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    ModelSignature signature = subject.candidate().signature();
    List<String> findings = new ArrayList<>(unnamed(signature, settings));
    boolean answered = false;
    if (subject.candidate().exampleRequest().isEmpty()) {
      findings.add("example_request: none (expected: a V2 request in slipway-model.yaml)");
    } else {
      Optional<String> wrong = answer(subject);
      wrong.ifPresent(findings::add);
      answered = wrong.isEmpty();
    }
    return new GateOutcome(
        findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        Map.of(),
        new Measurements()
            .put("inputs", signature.inputs().size())
            .put("outputs", signature.outputs().size())
            .put("example_answered", answered)
            .build(),
        findings);
  }

  private static List<String> unnamed(ModelSignature signature, Settings settings) {
    List<String> findings = new ArrayList<>();
    requireNames(findings, "inputs", signature.inputs());
    requireNames(findings, "outputs", signature.outputs());
    if (settings.fieldNames() && signature.inputs().stream().noneMatch(SignatureGate::isOpen)) {
      for (TensorSpec spec : signature.inputs()) {
        long width = elementsPerRow(spec);
        boolean named =
            spec.fields().size() == width
                && spec.fields().stream().noneMatch(field -> field.name().isEmpty());
        if (width > 1 && !named) {
          findings.add(
              "inputs.%s: %d values a row without names (expected: fields with names in slipway-model.yaml)"
                  .formatted(spec.name(), width));
        }
      }
    }
    return findings;
  }

  private static void requireNames(List<String> findings, String role, List<TensorSpec> specs) {
    if (specs.isEmpty()) {
      findings.add("%s: none (expected: at least one)".formatted(role));
    }
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).name().isBlank()) {
        findings.add("%s[%d]: no name".formatted(role, i));
      }
    }
  }

  /** Whether rows have any length, or are of more than one dimension: images, texts, series. */
  private static boolean isOpen(TensorSpec spec) {
    int first = spec.isBatched() ? 1 : 0;
    return spec.shape().rank() - first > 1 || elementsPerRow(spec) < 0;
  }

  private static long elementsPerRow(TensorSpec spec) {
    int first = spec.isBatched() ? 1 : 0;
    return spec.shape().rank() == first ? 1 : spec.shape().dimension(spec.shape().rank() - 1);
  }

  /** What is wrong with the answer to the example request. */
  private Optional<String> answer(GateSubject subject) {
    try {
      List<Tensor> inputs = examples.apply(subject.candidate());
      try (RowModel model = subject.models().apply(subject.candidate())) {
        return unsigned(subject.candidate().signature(), model.answer(inputs));
      }
    } catch (SlipwayException e) {
      if (!VersionFault.is(e)) {
        throw e;
      }
      return Optional.of("example_request: %s: %s".formatted(e.code(), e.getMessage()));
    }
  }

  private static Optional<String> unsigned(ModelSignature signature, List<Tensor> outputs) {
    List<TensorSpec> specs = signature.outputs();
    if (outputs.size() != specs.size()) {
      return Optional.of(
          "%d outputs (expected: %d, as signed)".formatted(outputs.size(), specs.size()));
    }
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      Tensor output = outputs.get(i);
      if (!spec.name().equals(output.name())
          || spec.datatype() != output.datatype()
          || !spec.shape().accepts(output.shape())) {
        return Optional.of(
            "output %s %s %s (expected: %s %s %s, as signed)"
                .formatted(
                    output.name(),
                    output.datatype(),
                    output.shape(),
                    spec.name(),
                    spec.datatype(),
                    spec.shape()));
      }
    }
    return Optional.empty();
  }
}
