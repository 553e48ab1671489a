package dev.slipway.serving.batching;

import static dev.slipway.serving.batching.SchedulingChoice.choose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.engine.MeasuredCost;
import org.junit.jupiter.api.Test;

class SchedulingChoiceTest {
  @Test
  void aTreeModelThatGainsNothingFromBatchesRunsInline() {
    // 1.06 us a row, 35 us for 32.
    assertThat(auto(1_060, 35_000)).isEqualTo(Scheduling.INLINE);
  }

  @Test
  void aModelThatGainsFromBatchesTakesTheTurnsRows() {
    // A forest in ONNX Runtime: 6.7 us a row, 118 us for 32; a perceptron: 3.0 and 6.0.
    assertThat(auto(6_700, 118_000)).isEqualTo(Scheduling.TURN);
    assertThat(auto(3_000, 6_000)).isEqualTo(Scheduling.TURN);
  }

  @Test
  void aModelThatWouldHoldUpTheLoopGoesToTheWorkers() {
    assertThat(auto(250_000, 0)).isEqualTo(Scheduling.WORKER);
    assertThat(auto(40_000, 800_000)).isEqualTo(Scheduling.WORKER);
    assertThat(choose(Scheduling.INLINE, true, true, new MeasuredCost(10, 10)))
        .as("what blocks never runs on a loop, whoever asks")
        .isEqualTo(Scheduling.WORKER);
  }

  @Test
  void theOwnersWishCounts() {
    for (Scheduling wish :
        new Scheduling[] {Scheduling.INLINE, Scheduling.TURN, Scheduling.WORKER}) {
      assertThat(choose(wish, false, true, new MeasuredCost(10_000_000, 0))).isEqualTo(wish);
    }
  }

  @Test
  void withoutRowsToJoinThereIsNothingToWaitFor() {
    assertThat(choose(Scheduling.AUTO, false, false, new MeasuredCost(5_000, 0)))
        .isEqualTo(Scheduling.INLINE);
    assertThat(choose(Scheduling.AUTO, false, true, MeasuredCost.UNKNOWN))
        .isEqualTo(Scheduling.TURN);
  }

  private static Scheduling auto(long singleNanos, long batchNanos) {
    return choose(Scheduling.AUTO, false, true, new MeasuredCost(singleNanos, batchNanos));
  }
}
