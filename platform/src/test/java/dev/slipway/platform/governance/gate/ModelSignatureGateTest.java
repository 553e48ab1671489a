package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.testkit.engine.TestArtifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On bundles that the PyPI package model-signing made, by make_signed.sh beside them. */
class ModelSignatureGateTest {
  private static final Gate GATE = new ModelSignatureGate();

  @TempDir Path folder;
  private Scene scene;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    scene = new Scene(folder);
    root = folder.resolve("model");
    try (ZipInputStream zip = new ZipInputStream(resource("signed.zip"))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(Objects.requireNonNull(target.getParent()));
          Files.write(target, zip.readAllBytes());
        }
      }
    }
  }

  @Test
  void whatAKnownKeySignedPasses() throws IOException {
    for (String curve : List.of("prime256v1", "secp384r1")) {
      sign(curve);
      GateOutcome outcome = run(key("secp384r1"), key("prime256v1"));
      assertThat(outcome.findings()).as(curve).isEmpty();
      assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(outcome.inputs()).containsKey("bundle");
    }
  }

  @Test
  void anotherKeyIsNotEnough() throws IOException {
    sign("prime256v1");

    assertThat(run(key("secp384r1")).findings())
        .containsExactly("model.sig: no key of the policy signed it (expected: one of them)");
  }

  @Test
  void everyFileHasToBeAsSigned() throws IOException {
    sign("prime256v1");
    Files.writeString(root.resolve("model.onnx"), "another model");
    Files.writeString(root.resolve(".gitignore"), "*");
    Files.delete(root.resolve("sub/weights.bin"));

    assertThat(run(key("prime256v1")).findings())
        .containsExactly(
            ".gitignore: in the artifact, but not signed",
            "model.onnx: not what was signed",
            "sub/weights.bin: signed, but not in the artifact");
  }

  @Test
  void aBundleThatWasTamperedWithFails() throws IOException {
    assertThat(run(key("prime256v1")).findings())
        .containsExactly("no model.sig in the artifact (expected: one)");
    sign("prime256v1");
    byte[] sound = Files.readAllBytes(root.resolve("model.sig"));
    for (int i = 0; i < sound.length; i += 61) {
      byte[] damaged = sound.clone();
      damaged[i] = (byte) (damaged[i] == 'A' ? 'B' : 'A');
      Files.write(root.resolve("model.sig"), damaged);
      GateOutcome outcome = run(key("prime256v1"));
      String text = new String(sound, StandardCharsets.UTF_8);
      boolean matters = i >= text.indexOf("\"payload\"") && i < text.indexOf("\"payloadType\"");
      if (matters) {
        assertThat(outcome.verdict()).as("byte %d", i).isEqualTo(Verdict.FAILED);
      }
    }
  }

  @Test
  void keysThatAreNoneAreRefusedInThePolicy() throws IOException {
    assertThatThrownBy(() -> GATE.requireParameters(Scene.json("{}")))
        .hasMessageContaining("model-signature.public_keys");
    assertThatThrownBy(() -> GATE.requireParameters(keys("not a key")))
        .hasMessageContaining("P-256");
  }

  private void sign(String curve) throws IOException {
    Files.write(root.resolve("model.sig"), Files.readAllBytes(folder.resolve(curve + ".sig")));
  }

  private static String key(String curve) throws IOException {
    try (InputStream in = resource(curve + ".pub.pem")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonObject keys(String... pems) {
    return new JsonObject(
        Map.of(
            "public_keys",
            new JsonArray(List.of(pems).stream().<JsonValue>map(JsonString::new).toList())));
  }

  private GateOutcome run(String... pems) throws IOException {
    ModelVersion version = scene.version(1, 1, 2);
    GateSubject subject =
        new GateSubject(
            version,
            TestArtifacts.of(root.resolve("model.onnx"), ArtifactFormat.ONNX),
            null,
            null,
            scene.versions::open,
            null);
    GATE.requireParameters(keys(pems));
    return GATE.run(subject, keys(pems));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(ModelSignatureGateTest.class.getResourceAsStream(name), name);
  }
}
