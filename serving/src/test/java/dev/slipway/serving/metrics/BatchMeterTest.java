package dev.slipway.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchMeterTest {
  @Test
  void everySizeUpToTheBoundHasItsOwnNumbersAndLargerOnesShareTheirs() {
    BatchMeter meter = new BatchMeter();
    for (int rows : new int[] {1, 2, 127, 128, 129, 256, 257, 512, 513, Integer.MAX_VALUE}) {
      meter.recordRun(rows, rows);
    }

    assertThat(meter.snapshot())
        .extracting(BatchTotals::rows)
        .containsExactly(1, 2, 127, 128, 256, 512, 1_024, Integer.MAX_VALUE);
    assertThat(meter.snapshot())
        .contains(
            new BatchTotals(2, 1, 0, 2, 0),
            new BatchTotals(256, 2, 0, 129 + 256, 0),
            new BatchTotals(512, 2, 0, 257 + 512, 0));
  }

  @Test
  void aRunCountsOnceAndItsRequestsAddTheirTimes() {
    BatchMeter meter = new BatchMeter();
    meter.recordRun(3, 100);
    meter.recordRequest(3, 10, 1);
    meter.recordRequest(3, 20, 2);

    assertThat(meter.snapshot()).containsExactly(new BatchTotals(3, 1, 30, 100, 3));
  }

  @Test
  void aRunOfNoRowsAndAnAnswerFromTheCacheAreOfNoSize() {
    BatchMeter meter = new BatchMeter();
    meter.recordRun(0, 100);
    meter.recordRequest(0, 10, 1);

    assertThat(meter.snapshot()).isEmpty();
  }

  @Test
  void loopsAddUpSizeBySize() {
    assertThat(
            BatchTotals.sum(
                List.of(new BatchTotals(1, 1, 2, 3, 4), new BatchTotals(4, 1, 1, 1, 1)),
                List.of(new BatchTotals(2, 5, 5, 5, 5), new BatchTotals(1, 10, 20, 30, 40))))
        .containsExactly(
            new BatchTotals(1, 11, 22, 33, 44),
            new BatchTotals(2, 5, 5, 5, 5),
            new BatchTotals(4, 1, 1, 1, 1));
  }
}
