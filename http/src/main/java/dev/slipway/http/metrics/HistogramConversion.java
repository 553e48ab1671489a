package dev.slipway.http.metrics;

import dev.slipway.serving.metrics.BucketLayout;
import dev.slipway.serving.metrics.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;

/**
 * Turns a snapshot into a Prometheus histogram, classic and native at once. Both are exact: every
 * classic bound is a bound of the snapshot's buckets, and those are the native ones.
 */
final class HistogramConversion {
  private final double[] classicBounds;
  private final int[] classicIndex;

  /**
   * @param fromExponent the least classic bound is {@code 2^fromExponent} base units
   * @param toExponent the greatest finite one is {@code 2^toExponent}
   * @param perDoubling classic bounds to a doubling: 1, 2, 4 or 8
   */
  HistogramConversion(BucketLayout layout, int fromExponent, int toExponent, int perDoubling) {
    int step = (1 << BucketLayout.SCHEMA) / perDoubling;
    int first = fromExponent << BucketLayout.SCHEMA;
    int finite = (toExponent - fromExponent) * perDoubling + 1;
    classicBounds = new double[finite + 1];
    for (int i = 0; i < finite; i++) {
      classicBounds[i] = Math.pow(2, (first + i * step) / (double) (1 << BucketLayout.SCHEMA));
    }
    classicBounds[finite] = Double.POSITIVE_INFINITY;
    classicIndex = new int[layout.buckets()];
    for (int bucket = 1; bucket < classicIndex.length; bucket++) {
      int above = layout.nativeIndex(bucket) - first;
      classicIndex[bucket] = above <= 0 ? 0 : Math.min(finite, Math.ceilDiv(above, step));
    }
    classicIndex[classicIndex.length - 1] = finite;
  }

  HistogramDataPointSnapshot convert(HistogramSnapshot snapshot, Labels labels) {
    long[] classic = new long[classicBounds.length];
    NativeHistogramBuckets.Builder nativeBuckets = NativeHistogramBuckets.builder();
    BucketLayout layout = snapshot.layout();
    classic[0] = snapshot.countIn(0);
    for (int bucket = 1; bucket < layout.buckets(); bucket++) {
      long count = snapshot.countIn(bucket);
      if (count > 0) {
        classic[classicIndex[bucket]] += count;
        nativeBuckets.bucket(layout.nativeIndex(bucket), count);
      }
    }
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(ClassicHistogramBuckets.of(classicBounds, classic))
        .nativeSchema(BucketLayout.SCHEMA)
        .nativeZeroThreshold(layout.zeroThreshold())
        .nativeZeroCount(snapshot.countIn(0))
        .nativeBucketsForPositiveValues(nativeBuckets.build())
        .sum(snapshot.sumInUnits())
        .labels(labels)
        .build();
  }
}
