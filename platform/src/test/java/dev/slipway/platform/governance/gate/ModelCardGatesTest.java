package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.governance.holdout.Holdout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardGatesTest {
  private static final Gate CARD = new ModelCardGate();
  private static final Gate BOM = new MlBomGate();
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String WRITTEN =
      """
      ---
      owner: risk team
      license: Apache-2.0
      intended_use: [Screening of card payments]
      limitations: Not for customers without history.
      training_data:
        - {name: payments 2018, digest: %s}
      ---
      # Fraud
      """
          .formatted(DIGEST);

  @TempDir Path folder;
  private Scene scene;
  private ModelVersion version;
  private Path card;

  @BeforeEach
  void start() throws IOException {
    scene = new Scene(folder);
    version = scene.version(3, 1, 2);
    card = scene.versions.root(version.ref()).resolve("MODEL_CARD.md");
  }

  @Test
  void aCardThatSaysEverythingPasses() throws IOException {
    Files.writeString(card, WRITTEN);

    GateOutcome outcome = run(CARD, null, "{}");

    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(outcome.inputs())
        .containsEntry("model_card", ContentDigest.of(Files.readAllBytes(card)));
    assertThat(run(CARD, null, "{'required':['owner','contact']}").findings())
        .containsExactly("MODEL_CARD.md: contact: nothing (expected: something)");
  }

  @Test
  void aCardThatIsMissingOrBrokenFails() throws IOException {
    assertThat(run(CARD, null, "{}").findings())
        .containsExactly("no MODEL_CARD.md in the artifact (expected: one)");
    for (String broken :
        new String[] {
          "", "# Fraud\n", "---\nowner: x\n", "---\na: [\n---\n", "---\na: 1\na: 2\n---\n"
        }) {
      Files.writeString(card, broken);
      assertThat(run(CARD, null, "{}").verdict()).as(broken).isEqualTo(Verdict.FAILED);
    }
    Files.writeString(card, "---\n!!javax.script.ScriptEngineManager []\n---\n");
    assertThat(run(CARD, null, "{}").verdict()).isEqualTo(Verdict.FAILED);
    assertThat(run(BOM, null, "{}").verdict()).isEqualTo(Verdict.FAILED);
    Files.writeString(card, "---\nowner: ' '\nlicense: ~\nlimitations: []\n---\n");
    assertThat(run(CARD, null, "{}").findings()).hasSize(5);
  }

  @Test
  void theBillNamesModelFilesCardAndData() throws IOException {
    Files.writeString(card, WRITTEN);
    Holdout holdout = scene.holdout("a,b,label\n1,2,0\n");

    GateOutcome outcome = run(BOM, holdout, "{'data_digests':true}");

    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    JsonFields bom = JsonFields.of("measurements", outcome.measurements()).fields("bom");
    assertThat(bom.string("specVersion")).isEqualTo("1.6");
    JsonFields model = bom.fields("metadata").fields("component");
    assertThat(model.string("type")).isEqualTo("machine-learning-model");
    assertThat(model.string("version")).isEqualTo("3");
    assertThat(model.each("components").stream().map(part -> part.string("name")))
        .containsExactly("MODEL_CARD.md", "model.onnx");
    assertThat("sha256:" + model.each("hashes").getFirst().string("content"))
        .isEqualTo(ContentDigest.of(Files.readAllBytes(card.resolveSibling("model.onnx"))).value());
    assertThat(bom.each("components").stream().map(part -> part.string("name")))
        .containsExactly("payments 2018", "held-out rows");
    assertThat(
            "sha256:" + bom.each("components").get(1).each("hashes").getFirst().string("content"))
        .isEqualTo(holdout.digest().value());
    assertThat(run(BOM, holdout, "{'data_digests':true}")).isEqualTo(outcome);
  }

  @Test
  void dataWithoutADigestFailsWhereOneIsAskedFor() throws IOException {
    Files.writeString(card, WRITTEN.replace(DIGEST, "unknown"));

    assertThat(run(BOM, null, "{}").verdict()).isEqualTo(Verdict.PASSED);
    assertThat(run(BOM, null, "{'data_digests':true}").findings())
        .singleElement()
        .asString()
        .contains("payments 2018: digest 'unknown'");
  }

  private GateOutcome run(Gate gate, @Nullable Holdout holdout, String parameters) {
    return Scene.run(gate, scene.subject(version, null, holdout), parameters);
  }
}
