package dev.slipway.platform.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.platform.ControlPlane;
import dev.slipway.serving.ServedVariant;
import dev.slipway.store.control.DeploymentChange;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsTest {
  @TempDir Path folder;
  private ControlPlane plane;

  @BeforeEach
  void start() {
    plane = new ControlPlane(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void whatIsDeployedIsStillThereAfterARestart() throws IOException {
    ModelRef first = register("fraud", 1);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", first);

    restart();

    DeploymentStatus status = plane.deployments.deployment("fraud");
    assertThat(status.deployment().currentRef()).isEqualTo(first);
    assertThat(status.variant().state()).isEqualTo(ServedVariant.State.READY);
    assertThat(served("fraud")).isEqualTo(first);
  }

  @Test
  void undoGoesBackAndUndoneAgainIsARedo() throws IOException {
    ModelRef one = register("fraud", 1);
    ModelRef two = register("fraud", 2);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", one);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", two);

    assertThat(plane.deployments.undo(ControlPlane.LOCAL, "fraud").deployment().currentRef())
        .isEqualTo(one);
    assertThat(served("fraud")).isEqualTo(one);
    restart();
    assertThat(plane.deployments.undo(ControlPlane.LOCAL, "fraud").deployment().currentRef())
        .isEqualTo(two);
    assertThat(served("fraud")).isEqualTo(two);
    assertThat(plane.deployments.deployment("fraud").deployment().revision()).isEqualTo(4);
  }

  @Test
  void thereIsNothingToUndoBeforeASecondVersionServed() throws IOException {
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", register("fraud", 1));

    assertRefused(
        ErrorCode.NOTHING_TO_UNDO,
        "has served no other version than fraud/1",
        () -> plane.deployments.undo(ControlPlane.LOCAL, "fraud"));
    assertRefused(
        ErrorCode.NOT_FOUND,
        "'absent'",
        () -> plane.deployments.undo(ControlPlane.LOCAL, "absent"));
  }

  @Test
  void deployingWhatServesChangesNothing() throws IOException {
    ModelRef ref = register("fraud", 1);
    DeploymentStatus first = plane.deployments.deploy(ControlPlane.LOCAL, "fraud", ref);

    assertThat(plane.deployments.deploy(ControlPlane.LOCAL, "fraud", ref)).isEqualTo(first);
    assertThat(plane.deployments.history("fraud")).hasSize(1);
  }

  @Test
  void deployingBringsBackWhatWasUnloaded() throws IOException {
    ModelRef one = register("fraud", 1);
    ModelRef two = register("fraud", 2);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", one);

    plane.serving.unload("fraud");
    assertThat(plane.deployments.deploy(ControlPlane.LOCAL, "fraud", one).variant().state())
        .isEqualTo(ServedVariant.State.READY);

    plane.serving.unload("fraud");
    assertThat(plane.deployments.deploy(ControlPlane.LOCAL, "fraud", two).variant().state())
        .isEqualTo(ServedVariant.State.READY);
    assertThat(served("fraud")).isEqualTo(two);
  }

  @Test
  void aVersionThatCannotBeLoadedChangesNothing() throws Exception {
    ModelRef one = register("fraud", 1);
    ModelRef two = register("fraud", 2);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", one);
    damage(plane.registry.version(two));
    restart();
    DeploymentStatus before = plane.deployments.deployment("fraud");

    assertRefused(
        ErrorCode.STORE_CORRUPT,
        "sha256:",
        () -> plane.deployments.deploy(ControlPlane.LOCAL, "fraud", two));

    assertThat(plane.deployments.deployment("fraud")).isEqualTo(before);
    assertThat(served("fraud")).isEqualTo(one);
    assertThat(plane.deployments.history("fraud")).hasSize(1);
  }

  @Test
  void aVersionThatIsLostLeavesOnlyItsOwnDeploymentUnavailable() throws Exception {
    for (int i = 0; i < 9; i++) {
      plane.deployments.deploy(ControlPlane.LOCAL, "d" + i, register("model" + i, i + 1));
    }
    damage(plane.registry.version(new ModelRef("model3", 1)));
    damage(plane.registry.version(new ModelRef("model4", 1)));

    restart();

    for (DeploymentStatus status : plane.deployments.deployments("", 100)) {
      boolean lost = List.of("d3", "d4").contains(status.deployment().name());
      assertThat(status.variant().state())
          .as(status.deployment().name())
          .isEqualTo(lost ? ServedVariant.State.UNAVAILABLE : ServedVariant.State.READY);
      assertThat(status.variant().reason().isEmpty()).isEqualTo(!lost);
    }
    for (String name : List.of("d3", "d4")) {
      ServedVariant lost = plane.serving.variant(name, 1).orElseThrow();
      assertThat(lost.state()).isEqualTo(ServedVariant.State.UNAVAILABLE);
      assertThat(lost.reason()).contains("sha256:").doesNotContain(folder.toString());
    }
    assertThat(plane.serving.isReady()).isFalse();
    assertThat(plane.serving.table().deployments()).hasSize(7);

    ModelRef mended = register("model3", 99);
    assertThat(plane.deployments.deploy(ControlPlane.LOCAL, "d3", mended).variant().state())
        .isEqualTo(ServedVariant.State.READY);
    assertThat(plane.serving.table().deployments()).hasSize(8);
    assertThat(plane.serving.table().unavailable()).containsOnlyKeys("d4");
  }

  @Test
  void aDeploymentStaysWithItsModel() throws IOException {
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", register("fraud", 1));
    ModelRef other = register("churn", 2);

    assertRefused(
        ErrorCode.CONFLICT,
        "serves model fraud (expected: a version of it, not churn/1)",
        () -> plane.deployments.deploy(ControlPlane.LOCAL, "fraud", other));
  }

  @Test
  void unknownVersionsAndBadNamesAreRefused() {
    assertRefused(
        ErrorCode.NOT_FOUND,
        "fraud/1",
        () -> plane.deployments.deploy(ControlPlane.LOCAL, "fraud", new ModelRef("fraud", 1)));
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "a/b",
        () -> plane.deployments.deploy(ControlPlane.LOCAL, "a/b", new ModelRef("fraud", 1)));
  }

  @Test
  void epochsOnlyGrowAcrossChangesFailuresAndRestarts() throws Exception {
    ModelRef one = register("fraud", 1);
    ModelRef two = register("fraud", 2);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", one);
    plane.deployments.deploy(ControlPlane.LOCAL, "fraud", two);
    plane.deployments.undo(ControlPlane.LOCAL, "fraud");
    assertThat(plane.serving.table().epoch()).isEqualTo(3);
    restart();

    assertThat(plane.serving.table().epoch()).isEqualTo(4);
    assertThat(plane.deployments.history("fraud").stream().map(DeploymentChange::epoch))
        .containsExactly(3L, 2L, 1L);
  }

  @Test
  void nothingAnswersBeforeItsChangeIsDurable() throws IOException {
    ModelRef one = register("fraud", 1);
    List<String> steps = new ArrayList<>();
    Runnable note =
        () -> {
          boolean kept = plane.store.read(view -> view.deployment("fraud")).isPresent();
          boolean answers = plane.serving.table().deployment("fraud").isPresent();
          steps.add((kept ? "kept" : "not kept") + ", " + (answers ? "live" : "not live"));
        };
    Deployments watched =
        new Deployments(
            plane.store,
            new WatchedRouting(new ServingPlaneRouting(plane.serving), note, note),
            InstantSource.system());

    watched.deploy(ControlPlane.LOCAL, "fraud", one);

    note.run();
    assertThat(steps).containsExactly("not kept, not live", "kept, not live", "kept, live");
  }

  @Test
  void aChangeThatCannotBeCommittedNeverAnswers() throws IOException {
    ModelRef one = register("fraud", 1);
    Deployments broken =
        new Deployments(
            plane.store,
            new WatchedRouting(
                new ServingPlaneRouting(plane.serving), plane.store::close, () -> {}),
            InstantSource.system());

    assertRefused(
        ErrorCode.STORE_UNAVAILABLE,
        "closed",
        () -> broken.deploy(ControlPlane.LOCAL, "fraud", one));

    assertThat(plane.serving.table().deployments()).isEmpty();
    restart();
    assertThat(plane.deployments.deployments("", 10)).isEmpty();
  }

  /** The real routing, with something that happens before each of its steps. */
  private record WatchedRouting(LiveRouting routing, Runnable beforePrepare, Runnable beforeFlip)
      implements LiveRouting {
    @Override
    public PreparedRouting prepare(RoutingTable table, Set<String> wanted) {
      beforePrepare.run();
      PreparedRouting prepared = routing.prepare(table, wanted);
      return new PreparedRouting() {
        @Override
        public void flip() {
          beforeFlip.run();
          prepared.flip();
        }

        @Override
        public void close() {
          prepared.close();
        }
      };
    }

    @Override
    public Optional<ServedVariant> variant(String deployment, int version) {
      return routing.variant(deployment, version);
    }
  }

  @Test
  void concurrentChangesOfManyDeploymentsAllLand() throws Exception {
    ModelRef one = register("fraud", 1);
    ModelRef two = register("fraud", 2);
    List<Callable<DeploymentStatus>> tasks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String name = "d" + i % 3;
      ModelRef ref = i % 2 == 0 ? one : two;
      tasks.add(() -> plane.deployments.deploy(ControlPlane.LOCAL, name, ref));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<DeploymentStatus> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }

    for (DeploymentStatus status : plane.deployments.deployments("", 10)) {
      String name = status.deployment().name();
      assertThat(served(name)).isEqualTo(status.deployment().currentRef());
      assertThat(plane.deployments.history(name)).hasSize((int) status.deployment().revision());
    }
    assertThat(plane.deployments.deployments("", 10)).hasSize(3);
    assertThat(plane.deployments.deployments("d0", 1))
        .extracting(status -> status.deployment().name())
        .containsExactly("d1");
  }

  private void restart() {
    plane.close();
    plane = new ControlPlane(folder.resolve("data"));
  }

  private ModelRef register(String name, double weight) throws IOException {
    Path model = LinearEngine.write(folder.resolve(name + weight), weight, 1);
    return plane.registry.register(ControlPlane.LOCAL, name, model, false).version().ref();
  }

  private ModelRef served(String deployment) {
    return plane
        .serving
        .table()
        .deployment(deployment)
        .orElseThrow()
        .choose("anybody")
        .version()
        .ref();
  }

  private void damage(ModelVersion version) throws IOException {
    try (Stream<Path> files = Files.walk(plane.data.blobs())) {
      Path kept =
          files
              .filter(file -> file.endsWith(Path.of(version.digest().hex(), "model.onnx")))
              .findFirst()
              .orElseThrow();
      Files.delete(kept);
      Files.writeString(kept, "linear 6 6");
    }
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
