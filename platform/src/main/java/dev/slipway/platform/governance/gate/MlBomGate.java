package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import dev.slipway.platform.governance.holdout.Holdout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code ml-bom}: the evidence holds a bill of materials of the version, in CycloneDX. It fails
 * where the card's data sets are asked to be named by digest and are not.
 */
final class MlBomGate implements Gate {
  private record Settings(boolean dataDigests) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("ml-bom", json);
      Settings settings = new Settings(parameters.flag("data_digests", false));
      parameters.requireNoOthers();
      return settings;
    }
  }

  @Override
  public String name() {
    return "ml-bom";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    List<String> findings = new ArrayList<>();
    @Nullable ModelCard card = null;
    SortedMap<String, ContentDigest> files;
    try {
      files = ArtifactFiles.digests(subject.artifact().root());
      card = ModelCard.read(subject.artifact().root()).orElse(null);
    } catch (IllegalArgumentException e) {
      return new GateOutcome(
          Verdict.FAILED,
          Map.of(),
          new JsonObject(Map.of()),
          List.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the artifact cannot be read: " + e, e);
    }
    if (settings.dataDigests()) {
      requireDigests(findings, card);
    }
    Map<String, ContentDigest> inputs = new HashMap<>();
    if (card != null) {
      inputs.put("model_card", card.digest());
    }
    Holdout holdout = subject.holdout();
    if (holdout != null) {
      inputs.put("holdout", holdout.digest());
    }
    MlBom bom =
        new MlBom(subject.candidate(), files, card, holdout == null ? null : holdout.digest());
    return new GateOutcome(
        findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        inputs,
        new Measurements().put("files", files.size()).put("bom", bom.json()).build(),
        findings);
  }

  private static void requireDigests(List<String> findings, @Nullable ModelCard card) {
    if (card == null || card.trainingData().isEmpty()) {
      findings.add(
          "training_data: none in %s (expected: name and digest)".formatted(ModelCard.FILE));
      return;
    }
    for (ModelCard.DataSet set : card.trainingData()) {
      if (!set.digest().matches("sha256:[0-9a-f]{64}")) {
        findings.add(
            "training_data: %s: digest '%s' (expected: sha256: and 64 hexadecimal digits)"
                .formatted(set.name(), set.digest()));
      }
    }
  }
}
