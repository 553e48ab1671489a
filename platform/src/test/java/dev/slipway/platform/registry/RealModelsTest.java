package dev.slipway.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.engine.onnx.OnnxEngine;
import dev.slipway.engine.trees.TreeEngine;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.serving.ServedVariant.State;
import dev.slipway.serving.engine.ModelEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of other projects, registered and deployed with the engines that will serve them. */
class RealModelsTest {
  private static final Path ROOT = Path.of(System.getProperty("slipway.root", "."));
  private static final Path SHARED = ROOT.resolve("../shared/models");
  private static final List<ModelEngine> ENGINES = List.of(new TreeEngine(), new OnnxEngine());

  @TempDir Path folder;
  private ControlPlane plane;

  @BeforeEach
  void start() {
    plane = open();
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void theExamplesOfThisProjectAreRegisteredWithTheirDescriptions() throws IOException {
    List<Path> folders;
    try (Stream<Path> list = Files.list(ROOT.resolve("examples/fraud/models"))) {
      folders = list.filter(folder -> Files.exists(folder.resolve("slipway-model.yaml"))).toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(3);
    for (Path folder : folders) {
      ModelVersion version =
          plane.registry.register(ControlPlane.LOCAL, "fraud", folder, false).version();

      assertThat(version.signature().inputs().getFirst().fields())
          .as(folder.toString())
          .hasSize(15)
          .first()
          .extracting(field -> field.name())
          .isEqualTo("TX_AMOUNT");
      assertThat(version.exampleRequest()).contains("22.57");
      assertThat(version.description()).isNotEmpty();
    }
  }

  @Test
  void everyModelIsRegisteredDeployedAndThereAfterARestart() throws IOException {
    List<Path> models = models(".onnx", ".ubj", ".txt");
    assertThat(models).isNotEmpty();
    for (int i = 0; i < models.size(); i++) {
      String name = "m" + i;
      ModelVersion version =
          plane.registry.register(ControlPlane.LOCAL, name, models.get(i), false).version();
      assertThat(version.signature().inputs()).as(models.get(i).toString()).isNotEmpty();
      assertThat(version.signature().outputs()).as(models.get(i).toString()).isNotEmpty();
      plane.deployments.deploy(ControlPlane.LOCAL, name, version.ref());
    }

    plane.close();
    plane = open();

    List<DeploymentStatus> deployed = plane.deployments.deployments("", 100);
    assertThat(deployed).hasSize(models.size());
    assertThat(deployed).allMatch(status -> status.variant().state() == State.READY);
    assertThat(plane.serving.isReady()).isTrue();
  }

  @Test
  void treeModelsAreDescribedByTheirOwnNames() {
    assumeTrue(Files.isDirectory(SHARED), "needs ../shared/models");
    ModelVersion version =
        plane
            .registry
            .register(ControlPlane.LOCAL, "iris", SHARED.resolve("kserve/lgb-iris.txt"), false)
            .version();

    assertThat(version.format()).isEqualTo(ArtifactFormat.LIGHTGBM_TEXT);
    assertThat(version.signature().inputs().getFirst().shape().dimension(1)).isEqualTo(4);
  }

  @Test
  void aModelThatIsCutOffIsRefusedAndChangesNothing() throws IOException {
    for (Path model : models(".onnx", ".ubj", ".txt")) {
      byte[] bytes = Files.readAllBytes(model);
      Path cut = folder.resolve(model.getFileName());
      Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

      assertThatThrownBy(() -> plane.registry.register(ControlPlane.LOCAL, "cut", cut, false))
          .as(model.toString())
          .isInstanceOfSatisfying(
              SlipwayException.class,
              failure ->
                  assertThat(failure.code())
                      .isIn(ErrorCode.MODEL_INVALID, ErrorCode.FORMAT_UNSUPPORTED));
    }
    assertThat(plane.registry.models("", 10)).isEmpty();
    assertThat(plane.blobs.digests()).isEmpty();
  }

  @Test
  void otherFormatsAreRefusedWithTheConversionNamed() throws IOException {
    for (Path model : models(".pmml", ".bst")) {
      assertThatThrownBy(() -> plane.registry.register(ControlPlane.LOCAL, "other", model, false))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED))
          .hasMessageContaining("; to convert it: ");
    }
  }

  private ControlPlane open() {
    return new ControlPlane(folder.resolve("data"), InstantSource.system(), ENGINES);
  }

  private static List<Path> models(String... endings) throws IOException {
    assumeTrue(Files.isDirectory(SHARED), "needs ../shared/models");
    try (Stream<Path> files = Files.walk(SHARED)) {
      return files
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    }
  }
}
