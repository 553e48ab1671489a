package dev.slipway.core.performance;

import java.util.Arrays;

/**
 * ADWIN (Bifet and Gavaldà, Learning from Time-Changing Data with Adaptive Windowing, 2007): a
 * window that grows while no cut of it leaves two means that differ by more than chance. Where one
 * does, that is a change, and the window begins anew. It sees a mean grow and shrink.
 *
 * <p>The window is kept as an exponential histogram: at most {@value #BUCKETS_MAX} buckets of each
 * size, the oldest two of which become one of twice the size, so memory is O(log n). Cuts lie
 * between buckets, and are looked at every {@value #CLOCK} values.
 */
public final class Adwin implements ChangeDetector {
  private static final int BUCKETS_MAX = 5;
  private static final int CLOCK = 32;
  private static final int PART_MIN = 5;
  private static final int WINDOW_MIN = 10;
  private static final int LEVELS_MAX = 48;

  private final double delta;

  /** Of each level, whose buckets hold 2^level values, the oldest first. */
  private final double[][] totals = new double[LEVELS_MAX][BUCKETS_MAX + 1];

  /** Sum of squared differences from the bucket's own mean. */
  private final double[][] spreads = new double[LEVELS_MAX][BUCKETS_MAX + 1];

  private final int[] buckets = new int[LEVELS_MAX];
  private int levels = 1;
  private long width;
  private double total;
  private double spread;
  private long ticks;

  /**
   * @param delta probability of a false alarm that is accepted, in (0, 1)
   */
  public Adwin(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta: %s (expected: in (0, 1))".formatted(delta));
    }
    this.delta = delta;
  }

  /** Delta 0.002. */
  public static Adwin standard() {
    return new Adwin(0.002);
  }

  /** Values in the window. */
  public long width() {
    return width;
  }

  /** Of the window; 0 while it is empty. */
  public double mean() {
    return width == 0 ? 0 : total / width;
  }

  /**
   * @param value in [0, 1], or of any range that is about as wide
   */
  @Override
  public State add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: %s (expected: finite)".formatted(value));
    }
    insert(value);
    ticks++;
    if (ticks % CLOCK == 0 && width > WINDOW_MIN && hasCut()) {
      reset();
      return State.CHANGE;
    }
    return State.STABLE;
  }

  private void reset() {
    Arrays.fill(buckets, 0);
    levels = 1;
    width = 0;
    total = 0;
    spread = 0;
    ticks = 0;
  }

  private void insert(double value) {
    if (width > 0) {
      double difference = value - total / width;
      spread += difference * difference * width / (width + 1);
    }
    width++;
    total += value;
    append(0, value, 0);
    for (int level = 0; level < levels && buckets[level] > BUCKETS_MAX; level++) {
      double first = totals[level][0];
      double second = totals[level][1];
      double size = Math.scalb(1.0, level);
      double difference = (first - second) / size;
      double joined = spreads[level][0] + spreads[level][1] + size / 2 * difference * difference;
      removeFirst(level, 2);
      if (level + 1 == levels) {
        levels++;
      }
      append(level + 1, first + second, joined);
    }
  }

  private void append(int level, double bucketTotal, double bucketSpread) {
    int place = buckets[level]++;
    totals[level][place] = bucketTotal;
    spreads[level][place] = bucketSpread;
  }

  private void removeFirst(int level, int count) {
    int left = buckets[level] - count;
    System.arraycopy(totals[level], count, totals[level], 0, left);
    System.arraycopy(spreads[level], count, spreads[level], 0, left);
    buckets[level] = left;
  }

  /** Whether the means of an older and a newer part differ by more than chance. */
  private boolean hasCut() {
    double variance = Math.max(0, spread) / width;
    double log = Math.log(2 * Math.log((double) width) / delta);
    double olderSize = 0;
    double olderTotal = 0;
    for (int level = levels - 1; level >= 0; level--) {
      double size = Math.scalb(1.0, level);
      for (int bucket = 0; bucket < buckets[level]; bucket++) {
        olderSize += size;
        olderTotal += totals[level][bucket];
        double newerSize = width - olderSize;
        if (newerSize < PART_MIN) {
          return false;
        }
        if (olderSize >= PART_MIN) {
          double difference = Math.abs(olderTotal / olderSize - (total - olderTotal) / newerSize);
          double harmonic = 1 / (olderSize - PART_MIN + 1) + 1 / (newerSize - PART_MIN + 1);
          double bound = Math.sqrt(2 * harmonic * variance * log) + 2.0 / 3 * harmonic * log;
          if (difference > bound) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
