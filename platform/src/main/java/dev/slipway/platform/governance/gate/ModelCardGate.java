package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code model-card}: people said what the version is for, and what it is not for. */
final class ModelCardGate implements Gate {
  private static final List<String> REQUIRED =
      List.of("owner", "license", "intended_use", "limitations", "training_data");

  private record Settings(List<String> required) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("model-card", json);
      Settings settings = new Settings(parameters.optionalTexts("required").orElse(REQUIRED));
      parameters.requireNoOthers();
      return settings;
    }
  }

  @Override
  public String name() {
    return "model-card";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    List<String> findings = new ArrayList<>();
    Optional<ModelCard> card = Optional.empty();
    try {
      card = ModelCard.read(subject.artifact().root());
      if (card.isEmpty()) {
        findings.add("no %s in the artifact (expected: one)".formatted(ModelCard.FILE));
      }
    } catch (IllegalArgumentException e) {
      findings.add(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the artifact cannot be read: " + e, e);
    }
    Map<String, ContentDigest> inputs =
        card.<Map<String, ContentDigest>>map(one -> Map.of("model_card", one.digest()))
            .orElse(Map.of());
    card.ifPresent(
        one ->
            settings.required().stream()
                .filter(field -> !one.says(field))
                .forEach(
                    field ->
                        findings.add(
                            "%s: %s: nothing (expected: something)"
                                .formatted(ModelCard.FILE, field))));
    return new GateOutcome(
        findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        inputs,
        new Measurements()
            .put("fields", card.map(one -> one.fields().size()).orElse(0))
            .put("required", settings.required().size())
            .build(),
        findings);
  }
}
