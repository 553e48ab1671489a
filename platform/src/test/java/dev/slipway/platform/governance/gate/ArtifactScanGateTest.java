package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.testkit.engine.TestArtifacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactScanGateTest {
  private static final Gate GATE = new ArtifactScanGate();

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    root = folder.resolve("artifact");
    Files.createDirectories(root.resolve("weights"));
    Files.write(root.resolve("model.onnx"), model("weights/w.bin"));
    Files.write(root.resolve("weights/w.bin"), new byte[16]);
  }

  @Test
  void aModelWithItsDataBesideItPasses() throws IOException {
    Files.writeString(root.resolve("slipway-model.yaml"), "description: fine\n");

    GateOutcome outcome = run("{}");

    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aPickleBesideTheModelFailsUnlessItsNamesAreAllowed() throws IOException {
    Files.writeString(root.resolve("notes.txt"), "(S'true'\nios\nsystem\n.");

    assertThat(run("{}").findings())
        .singleElement()
        .asString()
        .startsWith("notes.txt: a pickle")
        .contains("os.system");
    assertThat(run("{'pickle_globals':['os.system']}").verdict()).isEqualTo(Verdict.PASSED);
    assertThat(run("{'pickle_globals':['os.path']}").verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void linksAreFoundWhereverTheyLead() throws IOException {
    Files.delete(root.resolve("weights/w.bin"));
    Path outside = Files.write(folder.resolve("secret"), new byte[16]);
    Files.createSymbolicLink(root.resolve("weights/w.bin"), outside);
    assertThat(run("{}").findings())
        .anyMatch(finding -> finding.startsWith("model.onnx: tensor w: external data"))
        .anyMatch(finding -> finding.startsWith("weights/w.bin: a link"));

    Files.delete(root.resolve("weights/w.bin"));
    Files.createLink(root.resolve("weights/w.bin"), outside);
    assertThat(run("{}").findings())
        .containsExactly("weights/w.bin: a hard link (expected: a file with one name)");
  }

  @Test
  void aFolderOfTheExternalDataMayBeNoLinkEither() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.move(root.resolve("weights/w.bin"), outside.resolve("w.bin"));
    Files.delete(root.resolve("weights"));
    Files.createSymbolicLink(root.resolve("weights"), outside);

    assertThat(run("{}").findings())
        .anyMatch(finding -> finding.contains("a symbolic link (expected: a file)"));
  }

  @Test
  void externalDataHasToBeThereAndLongEnough() throws IOException {
    Files.write(root.resolve("weights/w.bin"), new byte[3]);
    assertThat(run("{}").findings())
        .containsExactly(
            "model.onnx: tensor w: external data at 0 of 'weights/w.bin', 16 bytes (expected:"
                + " within its 3 bytes)");
    Files.delete(root.resolve("weights/w.bin"));
    assertThat(run("{}").findings()).singleElement().asString().contains("a file of the artifact");
  }

  @Test
  void theServedFileIsReadAsOnnxWhateverItsName() throws IOException {
    Files.move(root.resolve("model.onnx"), root.resolve("model"));
    Files.delete(root.resolve("weights/w.bin"));

    assertThat(run("model", "{}").findings())
        .singleElement()
        .asString()
        .startsWith("model: tensor w");
  }

  @Test
  void realModelsPass() throws IOException {
    Path shared = Path.of(System.getProperty("slipway.root")).resolve("examples/fraud/models");
    assumeTrue(Files.isDirectory(shared), "no example models at " + shared);
    try (Stream<Path> folders = Files.list(shared).filter(Files::isDirectory)) {
      for (Path model : folders.toList()) {
        Path file;
        try (Stream<Path> files = Files.list(model)) {
          file = files.filter(path -> !path.toString().endsWith(".yaml")).findFirst().orElseThrow();
        }
        root = model;
        assertThat(run(file.getFileName().toString(), "{}").findings()).as("%s", model).isEmpty();
      }
    }
  }

  @Test
  void misspeltParametersAreRefused() {
    assertThatThrownBy(() -> GATE.requireParameters(Scene.json("{'op_domain':['x']}")))
        .hasMessageContaining("artifact-scan.op_domain");
  }

  private GateOutcome run(String parameters) {
    return run("model.onnx", parameters);
  }

  private GateOutcome run(String primary, String parameters) {
    ArtifactFormat format =
        primary.endsWith(".ubj")
            ? ArtifactFormat.XGBOOST_UBJ
            : primary.endsWith(".txt") ? ArtifactFormat.LIGHTGBM_TEXT : ArtifactFormat.ONNX;
    ModelArtifact artifact = TestArtifacts.of(root.resolve(primary), format);
    ModelVersion version =
        new ModelVersion(
            new ModelRef("m", 1),
            artifact.digest(),
            format,
            primary,
            new ModelSignature(List.of(), List.of()),
            ModelSettings.DEFAULT,
            "",
            "",
            1,
            Instant.EPOCH);
    GateSubject subject =
        new GateSubject(
            version,
            artifact,
            null,
            null,
            other -> {
              throw new AssertionError("a scan loads no model");
            },
            null);
    return Scene.run(GATE, subject, parameters);
  }

  /** A graph of one initializer of 16 bytes that lies elsewhere, as protobuf. */
  private static byte[] model(String location) {
    byte[] tensor =
        message(
            field(8, "w".getBytes(StandardCharsets.UTF_8)),
            field(13, entry("location", location)),
            field(13, entry("offset", "0")),
            field(13, entry("length", "16")),
            new byte[] {14 << 3, 1});
    return message(field(7, message(field(5, tensor))));
  }

  private static byte[] entry(String key, String value) {
    return message(
        field(1, key.getBytes(StandardCharsets.UTF_8)),
        field(2, value.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] message(byte[]... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] field : fields) {
      out.writeBytes(field);
    }
    return out.toByteArray();
  }

  /** A field of fewer than 128 bytes. */
  private static byte[] field(int number, byte[] content) {
    assertThat(content.length).isLessThan(128);
    return message(new byte[] {(byte) (number << 3 | 2), (byte) content.length}, content);
  }
}
