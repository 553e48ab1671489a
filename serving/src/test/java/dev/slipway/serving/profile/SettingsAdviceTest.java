package dev.slipway.serving.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.serving.profile.ModelProfile.Recommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The times of the forest and of the perceptron were measured on real models. */
class SettingsAdviceTest {
  private static final int CORES = 2;

  @Test
  void theTreeEngineBeatsOnnxRuntimeOnTheForestAndRunsInline() {
    List<ProfileRow> rows =
        join(
            way("onnx", ExecutionProvider.CPU, 1, 6.7, 32, 118),
            way("trees", ExecutionProvider.CPU, 1, 1.06, 32, 35));
    Recommendation advice = SettingsAdvice.recommend(rows, Set.of(), CORES);
    assertThat(advice.engine()).isEqualTo("trees");
    assertThat(advice.scheduling()).isEqualTo(Scheduling.INLINE);
    assertThat(advice.maxBatchSize()).isZero();
    assertThat(advice.why())
        .contains("trees on cpu: 1.1 us for a single row")
        .contains("Next, onnx on cpu: 6.7 us")
        .contains("the batch is left automatic");
  }

  @Test
  void aModelThatGainsByJoiningRowsRunsOncePerTurn() {
    Recommendation advice =
        SettingsAdvice.recommend(
            way("onnx", ExecutionProvider.CPU, 1, 3.0, 32, 6.0), Set.of(), CORES);
    assertThat(advice.scheduling()).isEqualTo(Scheduling.TURN);
    assertThat(advice.maxBatchSize()).isEqualTo(32);
    assertThat(advice.why()).contains("Joining rows gains 16.0x").contains("at 32");
  }

  @Test
  void aSlowModelGoesToWorkers() {
    Recommendation advice =
        SettingsAdvice.recommend(
            way("onnx", ExecutionProvider.CPU, 1, 900, 8, 7_000), Set.of(), CORES);
    assertThat(advice.scheduling()).isEqualTo(Scheduling.WORKER);
    assertThat(advice.why()).contains("too long for the event loop");
  }

  @Test
  void anEngineThatWaitsForAnotherServerNeverRunsOnTheEventLoop() {
    Recommendation advice =
        SettingsAdvice.recommend(
            way("remote", ExecutionProvider.CPU, 1, 20, 8, 21), Set.of("remote"), CORES);
    assertThat(advice.scheduling()).isEqualTo(Scheduling.WORKER);
    assertThat(advice.why()).contains("wait for another server");
  }

  @Test
  void aSecondThreadThatGainsLessThanASecondRunIsLeftOut() {
    List<ProfileRow> rows =
        join(
            way("onnx", ExecutionProvider.CPU, 1, 100, 32, 1_000),
            way("onnx", ExecutionProvider.CPU, 2, 60, 32, 600));
    assertThat(SettingsAdvice.recommend(rows, Set.of(), CORES).intraOpThreads()).isEqualTo(1);
  }

  @Test
  void moreThreadsServeAModelWhoseSingleRowsAreTooSlowOtherwise() {
    List<ProfileRow> rows =
        join(
            way("onnx", ExecutionProvider.CPU, 1, 400_000, 2, 800_000),
            way("onnx", ExecutionProvider.CPU, 4, 110_000, 2, 220_000));
    assertThat(SettingsAdvice.recommend(rows, Set.of(), 4).intraOpThreads()).isEqualTo(4);
  }

  @Test
  void aDeviceWinsByThroughputUnlessItsSingleRowsAreTooSlow() {
    List<ProfileRow> cpu = way("onnx", ExecutionProvider.CPU, 1, 300, 64, 15_000);
    List<ProfileRow> quick = way("onnx", ExecutionProvider.CUDA, 1, 700, 64, 900);
    List<ProfileRow> late = way("onnx", ExecutionProvider.CUDA, 1, 1_500, 64, 1_600);
    assertThat(SettingsAdvice.recommend(join(cpu, quick), Set.of(), CORES).provider())
        .isEqualTo(ExecutionProvider.CUDA);
    assertThat(SettingsAdvice.recommend(join(cpu, late), Set.of(), CORES).provider())
        .isEqualTo(ExecutionProvider.CPU);
  }

  @Test
  void theSmallestBatchNearTheBestIsEnough() {
    List<ProfileRow> rows =
        List.of(
            new ProfileRow("onnx", ExecutionProvider.CPU, 1, 1, 100),
            new ProfileRow("onnx", ExecutionProvider.CPU, 8, 1, 110),
            new ProfileRow("onnx", ExecutionProvider.CPU, 16, 1, 200),
            new ProfileRow("onnx", ExecutionProvider.CPU, 32, 1, 395));
    Recommendation advice = SettingsAdvice.recommend(rows, Set.of(), CORES);
    assertThat(advice.maxBatchSize()).isEqualTo(16);
  }

  @Test
  void aFixedBatchIsLeftAsItIs() {
    List<ProfileRow> rows = List.of(new ProfileRow("onnx", ExecutionProvider.CPU, 4, 1, 150));
    Recommendation advice = SettingsAdvice.recommend(rows, Set.of(), CORES);
    assertThat(advice.maxBatchSize()).isZero();
    assertThat(advice.scheduling()).isEqualTo(Scheduling.TURN);
    assertThat(advice.why()).contains("its 4 rows");
  }

  @Property(tries = 300)
  void whatIsRecommendedWasMeasuredAndKeepsToTheThresholds(
      @ForAll @DoubleRange(min = 0.5, max = 5_000) double single,
      @ForAll @DoubleRange(min = 0.1, max = 1) double perRowShare,
      @ForAll @IntRange(min = 1, max = 6) int doublings) {
    List<ProfileRow> rows = new ArrayList<>();
    for (int i = 0; i <= doublings; i++) {
      int batch = 1 << i;
      double micros = single * (1 + (batch - 1) * perRowShare);
      rows.add(new ProfileRow("onnx", ExecutionProvider.CPU, batch, 1, micros));
    }
    Recommendation advice = SettingsAdvice.recommend(rows, Set.of(), CORES);
    if (advice.maxBatchSize() != 0) {
      assertThat(rows).extracting(ProfileRow::batch).contains(advice.maxBatchSize());
    }
    switch (advice.scheduling()) {
      case INLINE -> assertThat(single).isLessThan(SettingsAdvice.INLINE_MICROS_BELOW);
      case TURN ->
          assertThat(rows).anyMatch(row -> row.microsPerRun() < SettingsAdvice.TURN_MICROS_BELOW);
      case WORKER ->
          assertThat(rows.getLast().microsPerRun())
              .isGreaterThanOrEqualTo(SettingsAdvice.TURN_MICROS_BELOW);
      case AUTO -> throw new AssertionError("a recommendation decides");
    }
  }

  private static List<ProfileRow> way(
      String engine,
      ExecutionProvider provider,
      int threads,
      double singleMicros,
      int batch,
      double batchMicros) {
    return List.of(
        new ProfileRow(engine, provider, 1, threads, singleMicros),
        new ProfileRow(engine, provider, batch, threads, batchMicros));
  }

  private static List<ProfileRow> join(List<ProfileRow> a, List<ProfileRow> b) {
    List<ProfileRow> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }
}
