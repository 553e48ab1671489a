package dev.slipway.serving.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts values by {@link BucketLayout}. One thread writes; any thread may take a snapshot. */
public final class Histogram {
  private final BucketLayout layout;
  private final AtomicLongArray counts;
  private final AtomicLong sum = new AtomicLong();

  public Histogram(BucketLayout layout) {
    this.layout = layout;
    this.counts = new AtomicLongArray(layout.buckets());
  }

  /**
   * @param value nanoseconds or rows; below 0 counts as 0
   */
  public void record(long value) {
    long clamped = Math.max(0, value);
    int bucket = layout.bucketOf(clamped);
    counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    sum.setOpaque(sum.getPlain() + clamped);
  }

  /** What was recorded so far; a value being recorded meanwhile may be in its count or its sum. */
  public HistogramSnapshot snapshot() {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.getOpaque(i);
    }
    return new HistogramSnapshot(layout, copy, sum.getOpaque());
  }
}
