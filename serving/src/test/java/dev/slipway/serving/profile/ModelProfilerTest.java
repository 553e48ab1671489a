package dev.slipway.serving.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelProfilerTest {
  private static final ModelArtifact ARTIFACT = artifact("model.rows");
  private static final ProfileLimits LIMITS = new ProfileLimits(Duration.ofSeconds(2), 64, 2);

  @Test
  void everyBatchOfEveryEngineIsMeasuredAndTheDevicesThatLackAreNamed() {
    MeteredEngine onnx = new MeteredEngine("onnx", 8, 5, 2);
    List<Integer> done = new ArrayList<>();
    ModelProfile profile =
        profiler(onnx)
            .profile(
                ARTIFACT,
                onnx.inspect(ARTIFACT),
                (row, count, planned) -> {
                  done.add(count);
                  // Five ways (two numbers of threads, three devices) by seven batches.
                  assertThat(planned).isEqualTo(35);
                });
    assertThat(profile.rows()).hasSize(14);
    assertThat(done).hasSize(14).last().isEqualTo(14);
    assertThat(profile.rows())
        .filteredOn(row -> row.threads() == 1)
        .extracting(ProfileRow::batch)
        .containsExactly(1, 2, 4, 8, 16, 32, 64);
    for (ProfileRow row : profile.rows()) {
      double cost = 5 + 2.0 * row.batch() / row.threads();
      assertThat(row.microsPerRun()).as("%s", row).isCloseTo(cost, within(0.01));
      assertThat(row.rowsPerSecond()).isCloseTo(row.batch() * 1e6 / cost, within(1_000.0));
    }
    assertThat(profile.unavailable())
        .extracting(ModelProfile.Unavailable::provider)
        .containsExactly(
            ExecutionProvider.CUDA, ExecutionProvider.TENSORRT, ExecutionProvider.OPENVINO);
    assertThat(profile.unavailable().getFirst().reason())
        .isEqualTo("DEVICE_UNAVAILABLE: CUDA is not installed");
    assertThat(onnx.open()).as("models left loaded").isZero();
  }

  @Test
  void theRowsChangeFromRunToRun() {
    MeteredEngine engine = new MeteredEngine("trees", 8, 5, 2);
    profiler(engine).profile(ARTIFACT, engine.inspect(ARTIFACT), ProfileListener.NONE);
    assertThat(engine.distinctRows()).isEqualTo(1_000);
  }

  @Test
  void profilingTakesAboutTheTimeItMay() {
    MeteredEngine engine = new MeteredEngine("trees", 1, 50, 10);
    profiler(engine).profile(ARTIFACT, engine.inspect(ARTIFACT), ProfileListener.NONE);
    assertThat(Duration.ofNanos(engine.nanos()))
        .isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_500));
  }

  @Test
  void aSlowModelEndsTheGrowingOfTheBatch() {
    // Two seconds over seven batches: 286 ms each; half a second a row is over it twice at two.
    MeteredEngine engine = new MeteredEngine("trees", 1, 0, 500_000);
    ModelProfile profile =
        profiler(engine).profile(ARTIFACT, engine.inspect(ARTIFACT), ProfileListener.NONE);
    assertThat(profile.rows()).extracting(ProfileRow::batch).containsExactly(1, 2);
  }

  @Test
  void aFixedBatchIsTheOnlyOneMeasured() {
    MeteredEngine engine = new MeteredEngine("trees", 8, 5, 2);
    ModelSignature fixed =
        new ModelSignature(
            List.of(TensorSpec.of("x", DataType.FP32, Shape.of(4, 8))),
            List.of(TensorSpec.of("y", DataType.FP32, Shape.of(4))));
    ModelProfile profile = profiler(engine).profile(ARTIFACT, fixed, ProfileListener.NONE);
    assertThat(profile.rows()).extracting(ProfileRow::batch).containsExactly(4);
  }

  @Test
  void whatNoEngineRunsIsRefused() {
    MeteredEngine engine = new MeteredEngine("trees", 8, 5, 2);
    ModelSignature signature = engine.inspect(ARTIFACT);
    assertThatThrownBy(
            () -> profiler(engine).profile(artifact("model.pmml"), signature, ProfileListener.NONE))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED));
    MeteredEngine picky = new MeteredEngine("trees", 7, 5, 2);
    assertThatThrownBy(() -> profiler(picky).profile(ARTIFACT, signature, ProfileListener.NONE))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TENSOR))
        .hasMessageContaining("expected: [-1, 7]");
  }

  @Test
  void theMedianIsTheMiddleOfTheSamples() {
    assertThat(RunTimer.median(new double[] {9, 1, 5})).isEqualTo(5);
    assertThat(RunTimer.median(new double[] {9, 1, 5, 6})).isEqualTo(5.5);
  }

  private static ModelProfiler profiler(MeteredEngine engine) {
    return new ModelProfiler(List.<ModelEngine>of(engine), LIMITS, engine::nanos);
  }

  private static ModelArtifact artifact(String file) {
    return new ModelArtifact(
        new ArtifactDigest("sha256:" + "0".repeat(64)),
        ArtifactFormat.ONNX,
        Path.of("/models"),
        Path.of("/models", file));
  }
}
