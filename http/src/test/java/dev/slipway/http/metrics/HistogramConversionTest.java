package dev.slipway.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.inference.Protocol;
import dev.slipway.serving.metrics.BucketLayout;
import dev.slipway.serving.metrics.HistogramSnapshot;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantMeter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramConversionTest {
  private static final long SEED = 42;

  @Test
  void countsQuantilesAndBothFormsAgreeWithTheRecordedValues() {
    VariantMeter meter = new VariantMeter(new VariantKey("m", 1));
    Random random = new Random(SEED);
    long[] nanos = new long[10_000];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (long) Math.exp(Math.log(1e4) + random.nextDouble() * Math.log(1e6));
      meter.recordStage(Stage.END_TO_END, nanos[i]);
      meter.recordSuccess(Protocol.REST);
    }
    HistogramSnapshot snapshot = meter.snapshot(0).stage(Stage.END_TO_END);
    HistogramDataPointSnapshot point =
        new HistogramConversion(BucketLayout.SECONDS, -15, 3, 2).convert(snapshot, Labels.EMPTY);

    assertThat(point.getCount()).isEqualTo(nanos.length);
    ClassicHistogramBuckets classic = point.getClassicBuckets();
    long cumulative = 0;
    for (int i = 0; i < classic.size(); i++) {
      cumulative += classic.getCount(i);
      double bound = classic.getUpperBound(i);
      long expected = 0;
      for (long value : nanos) {
        expected += value * 1e-9 <= bound ? 1 : 0;
      }
      assertThat(cumulative).as("values up to %s, seed %d", bound, SEED).isEqualTo(expected);
    }

    long inNative = point.getNativeZeroCount();
    for (int i = 0; i < point.getNativeBucketsForPositiveValues().size(); i++) {
      long count = point.getNativeBucketsForPositiveValues().getCount(i);
      int index = point.getNativeBucketsForPositiveValues().getBucketIndex(i);
      double upper = Math.pow(2, index / 8.0);
      double lower = Math.pow(2, (index - 1) / 8.0);
      long expected = 0;
      for (long value : nanos) {
        double seconds = value * 1e-9;
        expected += seconds > lower && seconds <= upper ? 1 : 0;
      }
      assertThat(count).as("values in (%s, %s]", lower, upper).isEqualTo(expected);
      inNative += count;
    }
    assertThat(inNative).isEqualTo(nanos.length);
  }
}
