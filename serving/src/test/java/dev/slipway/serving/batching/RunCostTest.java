package dev.slipway.serving.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunCostTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void aModelOfHundredsOfMillisecondsIsKnownToTakeThem() {
    RunCost cost = new RunCost(0);
    for (int i = 0; i < 200; i++) {
      cost.record(1, 300 * MILLI);
    }
    assertThat(cost.rowNanos()).isCloseTo(300.0 * MILLI, within(1.0 * MILLI));
    assertThat(cost.waitNanos(4, 2)).isCloseTo(600 * MILLI, within(2 * MILLI));
    assertThat(cost.isTooSlowForLoop()).isTrue();
  }

  @Test
  void oneCostlyRowDoesNotMakeEveryRowLookCostly() {
    RunCost cost = new RunCost(0);
    for (int i = 0; i < 200; i++) {
      cost.record(32, MILLI);
    }
    cost.record(1, 33 * MILLI);
    long perRow = cost.waitNanos(1, 1);
    assertThat(perRow).isLessThan(MILLI / 10);
    assertThat(cost.isTooSlowForLoop()).isTrue();
  }

  @Test
  void aPauseDoesNotMoveAFastModel() {
    RunCost cost = new RunCost(10_000);
    for (int i = 0; i < 200; i++) {
      cost.record(1, 10_000);
    }
    cost.record(1, 500 * MILLI);
    assertThat(cost.isTooSlowForLoop()).isFalse();
  }
}
