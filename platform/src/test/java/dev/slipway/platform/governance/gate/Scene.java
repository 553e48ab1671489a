package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.table.TableLimits;
import dev.slipway.platform.governance.LinearVersions;
import dev.slipway.platform.governance.holdout.Holdout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What gates of these tests look at: linear models of columns {@code a} and {@code b}. */
final class Scene {
  static final String EXAMPLE =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}";

  final LinearVersions versions;
  private final Path folder;

  Scene(Path folder) {
    this.folder = folder;
    this.versions = new LinearVersions(folder.resolve("versions"));
  }

  ModelVersion version(int number, double... weights) throws IOException {
    return versions.version("m", number, List.of("a", "b"), weights);
  }

  ModelVersion version(int number, List<FieldSpec> fields, String example, double... weights)
      throws IOException {
    return versions.version("m", number, fields, example, weights);
  }

  Holdout holdout(String csv) throws IOException {
    return Holdout.read(Files.writeString(folder.resolve("rows.csv"), csv), TableLimits.DEFAULT);
  }

  GateSubject subject(
      ModelVersion candidate, @Nullable ModelVersion incumbent, @Nullable Holdout holdout) {
    return new GateSubject(
        candidate, versions.artifact(candidate), incumbent, holdout, versions::open, null);
  }

  /** Parameters, with {@code '} for {@code "}. */
  static JsonObject json(String text) {
    return (JsonObject) JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  static GateOutcome run(Gate gate, GateSubject subject, String parameters) {
    gate.requireParameters(json(parameters));
    return gate.run(subject, json(parameters));
  }
}
