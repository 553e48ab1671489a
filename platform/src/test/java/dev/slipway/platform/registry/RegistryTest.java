package dev.slipway.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.core.tensor.Shape;
import dev.slipway.platform.ControlPlane;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.files.FileTree;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  @TempDir Path folder;
  private ControlPlane plane;
  private Registry registry;

  @BeforeEach
  void start() {
    plane = new ControlPlane(folder.resolve("data"));
    registry = plane.registry;
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void aFileBecomesAVersionWithItsOwnSignature() throws IOException {
    Registration registered = registry.register(ControlPlane.LOCAL, "fraud", model(1, 2, 3), false);

    ModelVersion version = registered.version();
    assertThat(registered.created()).isTrue();
    assertThat(version.ref()).isEqualTo(new ModelRef("fraud", 1));
    assertThat(version.format()).isEqualTo(ArtifactFormat.ONNX);
    assertThat(version.primaryFile()).isEqualTo("model.onnx");
    assertThat(version.signature().inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 3));
    assertThat(version.sizeBytes()).isEqualTo("linear 1.0 2.0 3.0".length());
    assertThat(registry.version(version.ref())).isEqualTo(version);
    assertThat(Files.readString(plane.blobs.open(version.digest()).root().resolve("model.onnx")))
        .isEqualTo("linear 1.0 2.0 3.0");
  }

  @Test
  void theSameBytesAgainGiveTheSameVersion() throws IOException {
    Path model = model(1, 2);
    Registration first = registry.register(ControlPlane.LOCAL, "fraud", model, false);

    Registration again = registry.register(ControlPlane.LOCAL, "fraud", model, false);

    assertThat(again.created()).isFalse();
    assertThat(again.version()).isEqualTo(first.version());
    assertThat(registry.versions("fraud")).hasSize(1);
  }

  @Test
  void theSameBytesAgainMendWhatWasDamagedOrLost() throws IOException {
    Path model = model(1, 2);
    ModelVersion version = registry.register(ControlPlane.LOCAL, "fraud", model, false).version();
    Path kept = plane.blobs.open(version.digest()).root();

    Files.writeString(kept.resolve("model.onnx"), "linear 6 6 6");
    registry.register(ControlPlane.LOCAL, "fraud", model, false);
    assertThat(Files.readString(kept.resolve("model.onnx"))).isEqualTo(Files.readString(model));

    FileTree.delete(kept);
    registry.register(ControlPlane.LOCAL, "fraud", model, false);
    assertThat(plane.blobs.verify(version.digest()).files()).isEqualTo(1);
  }

  @Test
  void olderBytesAgainAreANewVersion() throws IOException {
    registry.register(ControlPlane.LOCAL, "fraud", model(1), false);
    registry.register(ControlPlane.LOCAL, "fraud", model(2), false);

    assertThat(
            registry
                .register(ControlPlane.LOCAL, "fraud", model(1), false)
                .version()
                .ref()
                .version())
        .isEqualTo(3);
    assertThat(plane.blobs.digests()).hasSize(2);
  }

  @Test
  void anArtifactThatACrashKeptFromItsVersionIsGoneAfterTheNextStart() throws IOException {
    ArtifactDigest orphan = freeze(model(7, 7));
    ModelVersion kept =
        registry.register(ControlPlane.LOCAL, "fraud", model(1, 2), false).version();
    assertThat(plane.blobs.digests()).containsExactlyInAnyOrder(orphan, kept.digest());

    restart();

    assertThat(plane.blobs.digests()).containsExactly(kept.digest());
    assertThat(
            registry
                .register(ControlPlane.LOCAL, "fraud", model(7, 7), false)
                .version()
                .ref()
                .version())
        .isEqualTo(2);
  }

  @Test
  void aLostDatabaseDoesNotCostTheArtifactsToo() throws IOException {
    ArtifactDigest kept = freeze(model(7, 7));

    restart();

    assertThat(plane.blobs.digests()).containsExactly(kept);
  }

  /** What registering does before a version exists. */
  private ArtifactDigest freeze(Path model) {
    try (StagedTree staged = plane.blobs.stage(List.of(model))) {
      return staged.freeze().digest();
    }
  }

  private void restart() {
    plane.close();
    plane = new ControlPlane(folder.resolve("data"));
    registry = plane.registry;
  }

  @Test
  void aDescriptionBesideTheFileIsMergedAndFrozenWithIt() throws IOException {
    Path model = model(1, 2);
    describe(
        model,
        """
        description: Card fraud
        max_batch_size: 32
        response_cache: {enable: true}
        inputs:
          - name: x
            fields:
              - {name: amount, min: 0, max: 1e6, nan: reject}
              - {name: hour, categories: [0, 12]}
        example_request:
          inputs: [{name: x, shape: [1, 2], datatype: FP32, data: [5, 12]}]
        """);

    ModelVersion version = registry.register(ControlPlane.LOCAL, "fraud", model, false).version();

    assertThat(version.description()).isEqualTo("Card fraud");
    assertThat(version.settings().batch().maxBatchSize()).isEqualTo(32);
    assertThat(version.settings().cacheEnabled()).isTrue();
    assertThat(version.signature().inputs().getFirst().fields())
        .extracting(FieldSpec::name)
        .containsExactly("amount", "hour");
    assertThat(version.exampleRequest()).contains("\"data\":[5,12]");
    assertThat(plane.blobs.open(version.digest()).files()).isEqualTo(2);
  }

  @Test
  void otherSettingsAreAnotherVersion() throws IOException {
    Path model = model(1, 2);
    registry.register(ControlPlane.LOCAL, "fraud", model, false);
    describe(model, "max_batch_size: 8");

    Registration second = registry.register(ControlPlane.LOCAL, "fraud", model, false);

    assertThat(second.created()).isTrue();
    assertThat(second.version().settings().batch().maxBatchSize()).isEqualTo(8);
  }

  @Test
  void aDryRunSaysWhatWouldBeAndKeepsNothing() throws IOException {
    registry.register(ControlPlane.LOCAL, "fraud", model(1), false);

    Registration dry = registry.register(ControlPlane.LOCAL, "fraud", model(2), true);

    assertThat(dry.created()).isFalse();
    assertThat(dry.version().ref()).isEqualTo(new ModelRef("fraud", 2));
    assertThat(registry.versions("fraud")).hasSize(1);
    assertThat(plane.blobs.digests()).hasSize(1);
  }

  @Test
  void aCorruptModelIsRefusedWithTheReasonAndChangesNothing() throws IOException {
    Path model = Files.writeString(folder.resolve("model.onnx"), "linear 1 oops");

    assertRefused(
        ErrorCode.MODEL_INVALID,
        "weight 1: oops",
        () -> registry.register(ControlPlane.LOCAL, "fraud", model, false));
    assertNothingKept();
  }

  @Test
  void anExampleThatTheModelDoesNotAnswerIsRefused() throws IOException {
    Path model = model(1, 2);
    describe(
        model,
        "example_request: '{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 3],"
            + " \"datatype\": \"FP32\", \"data\": [1, 2, 3]}]}'");
    assertRefused(
        ErrorCode.CONFIGURATION_INVALID,
        "example_request: ",
        () -> registry.register(ControlPlane.LOCAL, "fraud", model, false));

    describe(model, "example_request: 'no json'");
    assertRefused(
        ErrorCode.CONFIGURATION_INVALID,
        "example_request: ",
        () -> registry.register(ControlPlane.LOCAL, "fraud", model, false));

    // Infinity minus infinity is not a number, and the engine says so.
    describe(
        model,
        "example_request: {inputs: [{name: x, shape: [1, 2], datatype: FP32, data: [1e39,"
            + " -1e39]}]}");
    assertRefused(
        ErrorCode.MODEL_INVALID,
        "does not answer its example_request: the sum is not a number",
        () -> registry.register(ControlPlane.LOCAL, "fraud", model, false));
    assertNothingKept();
  }

  @Test
  void aFolderMayHoldOtherFilesButOneModel() throws IOException {
    Path model = model(1, 2);
    Path artifact = parent(model);
    Files.writeString(artifact.resolve("README.md"), "how it was trained");

    assertThat(
            registry.register(ControlPlane.LOCAL, "fraud", artifact, false).version().primaryFile())
        .isEqualTo("model.onnx");

    Files.createDirectory(artifact.resolve("old"));
    Files.copy(model, artifact.resolve("old/model.onnx"));
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "2 model files: model.onnx, old/model.onnx (expected: one, or its name as model_file",
        () -> registry.register(ControlPlane.LOCAL, "fraud", artifact, false));

    describe(model, "model_file: old/model.onnx");
    assertThat(
            registry.register(ControlPlane.LOCAL, "fraud", artifact, false).version().primaryFile())
        .isEqualTo("old/model.onnx");

    describe(model, "model_file: old/modle.onnx");
    assertRefused(
        ErrorCode.CONFIGURATION_INVALID,
        "old/modle.onnx is not in the artifact (did you mean 'old/model.onnx'?)",
        () -> registry.register(ControlPlane.LOCAL, "fraud", artifact, false));
  }

  @Test
  void aForeignFormatIsRefusedWithItsConversion() throws IOException {
    Path model = Files.write(folder.resolve("model.pkl"), new byte[] {(byte) 0x80, 4, '.'});

    assertRefused(
        ErrorCode.FORMAT_UNSUPPORTED,
        "model.pkl is a Python pickle",
        () -> registry.register(ControlPlane.LOCAL, "fraud", model, false));
    assertNothingKept();
  }

  @Test
  void unknownModelsVersionsAndBadNamesAreRefused() throws IOException {
    registry.register(ControlPlane.LOCAL, "fraud", model(1), false);

    assertRefused(ErrorCode.NOT_FOUND, "'churn'", () -> registry.model("churn"));
    assertRefused(ErrorCode.NOT_FOUND, "'churn'", () -> registry.versions("churn"));
    assertRefused(
        ErrorCode.NOT_FOUND,
        "fraud/2 (expected: 1..1)",
        () -> registry.version(new ModelRef("fraud", 2)));
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "../x",
        () -> registry.register(ControlPlane.LOCAL, "../x", model(1), false));
    assertRefused(
        ErrorCode.NOT_FOUND,
        "expected: a file or a folder",
        () -> registry.register(ControlPlane.LOCAL, "fraud", folder.resolve("absent"), false));
  }

  @Test
  void concurrentRegistrationsOfDifferentModelsGetContiguousVersions() throws Exception {
    List<Path> models = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      models.add(LinearEngine.write(folder.resolve("m" + i), i, 1));
    }
    List<Callable<Integer>> tasks =
        models.stream()
            .<Callable<Integer>>map(
                model ->
                    () ->
                        registry
                            .register(ControlPlane.LOCAL, "fraud", model, false)
                            .version()
                            .ref()
                            .version())
            .toList();

    List<Integer> versions = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> version : threads.invokeAll(tasks)) {
        versions.add(version.get());
      }
    }

    assertThat(versions)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
  }

  @Test
  void concurrentRetriesOfOneModelGiveOneVersion() throws Exception {
    Path model = model(1, 2);
    List<Callable<Registration>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(() -> registry.register(ControlPlane.LOCAL, "fraud", model, false));
    }

    int created = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Registration> done : threads.invokeAll(tasks)) {
        created += done.get().created() ? 1 : 0;
      }
    }

    assertThat(created).isEqualTo(1);
    assertThat(registry.versions("fraud")).hasSize(1);
  }

  @Test
  void modelsAreListedByName() throws IOException {
    for (String name : List.of("b", "a", "c")) {
      registry.register(ControlPlane.LOCAL, name, model(1), false);
    }

    assertThat(registry.models("a", 1)).extracting(RegisteredModel::name).containsExactly("b");
  }

  private Path model(double... weights) throws IOException {
    return LinearEngine.write(folder.resolve("artifact"), weights);
  }

  private static void describe(Path model, String yaml) throws IOException {
    Files.writeString(model.resolveSibling("slipway-model.yaml"), yaml);
  }

  private static Path parent(Path file) {
    return file.resolveSibling(".").normalize();
  }

  private void assertNothingKept() {
    assertThat(registry.models("", 10)).isEmpty();
    assertThat(plane.blobs.digests()).isEmpty();
    assertThat(plane.data.blobs().resolve("tmp")).isEmptyDirectory();
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
