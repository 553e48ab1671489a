package dev.slipway.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Property(tries = 2000)
  void everyLatencyLiesWithinTheBoundsOfItsBucket(
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long nanos) {
    BucketLayout layout = BucketLayout.SECONDS;
    int bucket = layout.bucketOf(nanos);
    assertThat(nanos * 1e-9).isLessThanOrEqualTo(layout.upperBound(bucket) * (1 + 1e-15));
    if (bucket > 0) {
      assertThat(nanos * 1e-9).isGreaterThan(layout.upperBound(bucket - 1) * (1 - 1e-15));
    }
  }

  @Test
  void aPowerOfTwoIsTheInclusiveUpperBoundOfItsBucket() {
    for (int exponent = 0; exponent <= 20; exponent++) {
      int bucket = BucketLayout.ROWS.bucketOf(1L << exponent);
      assertThat(BucketLayout.ROWS.upperBound(bucket)).isEqualTo((double) (1L << exponent));
      assertThat(BucketLayout.ROWS.nativeIndex(bucket)).isEqualTo(8 * exponent);
    }
  }

  @Test
  void valuesPastTheLastBoundAreCountedInTheLastBucket() {
    Histogram histogram = new Histogram(BucketLayout.ROWS);
    histogram.record((1L << 20) + 1);
    histogram.record(Long.MAX_VALUE / 2);
    int last = BucketLayout.ROWS.buckets() - 1;
    assertThat(histogram.snapshot().countIn(last)).isEqualTo(2);
    assertThat(BucketLayout.ROWS.upperBound(last)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aNegativeLatencyCountsAsZero() {
    Histogram histogram = new Histogram(BucketLayout.SECONDS);
    histogram.record(-5);
    assertThat(histogram.snapshot().countIn(0)).isEqualTo(1);
    assertThat(histogram.snapshot().sum()).isZero();
  }

  @Property(tries = 300)
  void quantilesAreAtMostNinePercentAboveTheTrueOnes(
      @ForAll @Size(min = 1, max = 300)
          List<@LongRange(min = 100, max = 10_000_000_000L) Long> nanos) {
    Histogram histogram = new Histogram(BucketLayout.SECONDS);
    for (long value : nanos) {
      histogram.record(value);
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    for (double q : new double[] {0.5, 0.9, 0.99, 1}) {
      double exact = sorted[(int) Math.ceil(q * sorted.length) - 1] * 1e-9;
      assertThat(histogram.snapshot().quantile(q))
          .isBetween(exact * (1 - 1e-12), exact * Math.pow(2, 1 / 8.0) * (1 + 1e-12));
    }
  }

  @Test
  void classicBoundsGiveExactCumulativeCounts() {
    Histogram histogram = new Histogram(BucketLayout.ROWS);
    for (int rows : new int[] {1, 1, 2, 3, 4, 5, 8, 9}) {
      histogram.record(rows);
    }
    HistogramSnapshot snapshot = histogram.snapshot();
    long[] cumulative =
        Arrays.stream(HistogramSnapshot.classicBounds(0, 3))
            .mapToLong(snapshot::countUpTo)
            .toArray();
    assertThat(cumulative).containsExactly(2, 3, 5, 7);
    assertThat(snapshot.count()).isEqualTo(8);
    assertThat(snapshot.sum()).isEqualTo(33);
  }

  @Test
  void snapshotsAddUp() {
    Histogram first = new Histogram(BucketLayout.SECONDS);
    Histogram second = new Histogram(BucketLayout.SECONDS);
    first.record(1_000);
    second.record(1_000);
    second.record(2_000_000);
    HistogramSnapshot sum = first.snapshot().plus(second.snapshot());
    assertThat(sum.count()).isEqualTo(3);
    assertThat(sum.sumInUnits()).isCloseTo(0.002002, within(1e-12));
    assertThatThrownBy(() -> sum.plus(HistogramSnapshot.empty(BucketLayout.ROWS)))
        .hasMessageContaining("expected: SECONDS");
  }
}
