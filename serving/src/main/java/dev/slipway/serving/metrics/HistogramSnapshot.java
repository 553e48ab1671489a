package dev.slipway.serving.metrics;

import java.util.Arrays;

/** Counts per bucket at one moment. Immutable; adds up over loops and replicas. */
public final class HistogramSnapshot {
  private final BucketLayout layout;
  private final long[] counts;
  private final long count;
  private final long sum;

  HistogramSnapshot(BucketLayout layout, long[] counts, long sum) {
    this.layout = layout;
    this.counts = counts;
    this.count = Arrays.stream(counts).sum();
    this.sum = sum;
  }

  public static HistogramSnapshot empty(BucketLayout layout) {
    return new HistogramSnapshot(layout, new long[layout.buckets()], 0);
  }

  public BucketLayout layout() {
    return layout;
  }

  /** Values in bucket {@code bucket} alone, {@code 0 <= bucket < layout().buckets()}. */
  public long countIn(int bucket) {
    return counts[bucket];
  }

  public long count() {
    return count;
  }

  /** Sum of the values as they were recorded: nanoseconds or rows. */
  public long sum() {
    return sum;
  }

  /** Sum in base units: seconds or rows. */
  public double sumInUnits() {
    return sum * layout.unit();
  }

  /**
   * Bounds of a classic histogram that this one converts to exactly: powers of two in base units
   * from {@code 2^fromExponent} to {@code 2^toExponent}, each the inclusive upper bound of a bucket
   * here, so that the cumulative counts are no estimates.
   */
  public static double[] classicBounds(int fromExponent, int toExponent) {
    double[] bounds = new double[toExponent - fromExponent + 1];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Math.scalb(1.0, fromExponent + i);
    }
    return bounds;
  }

  /** Values up to {@code bound}; exact where {@code bound} is a bucket's upper bound. */
  public long countUpTo(double bound) {
    long cumulative = 0;
    for (int i = 0; i < counts.length && layout.upperBound(i) <= bound; i++) {
      cumulative += counts[i];
    }
    return cumulative;
  }

  /**
   * The {@code q}-quantile in base units, at most 9 % above the true one: the upper bound of its
   * bucket, or NaN when nothing was recorded.
   *
   * @param q in {@code [0, 1]}
   */
  public double quantile(double q) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    long cumulative = 0;
    int bucket = 0;
    while (bucket < counts.length - 1 && cumulative + counts[bucket] < rank) {
      cumulative += counts[bucket];
      bucket++;
    }
    return layout.upperBound(bucket);
  }

  /**
   * @throws IllegalArgumentException if the layouts differ
   */
  public HistogramSnapshot plus(HistogramSnapshot other) {
    if (other.layout != layout) {
      throw new IllegalArgumentException(
          "layout: %s (expected: %s)".formatted(other.layout, layout));
    }
    long[] added = counts.clone();
    for (int i = 0; i < added.length; i++) {
      added[i] += other.counts[i];
    }
    return new HistogramSnapshot(layout, added, sum + other.sum);
  }
}
