package dev.slipway.engine.trees.ensemble;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * A set of keys, as a union of half-open intervals: what a split accepts. Immutable.
 *
 * <p>A threshold is one interval open to below; a category {@code c} is the interval of the numbers
 * that truncate to {@code c}. NaN is never a member: where it goes is the split's own say.
 */
public final class KeySet {
  private final long[] bounds;

  private KeySet(long[] bounds) {
    this.bounds = bounds;
  }

  /** All keys below {@code bound}. */
  public static KeySet below(long bound) {
    return new KeySet(new long[] {Long.MIN_VALUE, bound});
  }

  /**
   * @param bounds starts (inclusive) and ends (exclusive) in turn, in any order of intervals, which
   *     may touch or overlap; empty intervals are left out
   */
  public static KeySet ofIntervals(long... bounds) {
    int count = bounds.length / 2;
    long[][] intervals = new long[count][];
    for (int i = 0; i < count; i++) {
      intervals[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
    }
    Arrays.sort(intervals, (a, b) -> Long.compare(a[0], b[0]));
    long[] merged = new long[bounds.length];
    int size = 0;
    for (long[] interval : intervals) {
      if (interval[0] >= interval[1]) {
        continue;
      }
      if (size > 0 && interval[0] <= merged[size - 1]) {
        merged[size - 1] = Math.max(merged[size - 1], interval[1]);
      } else {
        merged[size++] = interval[0];
        merged[size++] = interval[1];
      }
    }
    return new KeySet(Arrays.copyOf(merged, size));
  }

  public boolean contains(long key) {
    int position = Arrays.binarySearch(bounds, key);
    int notAbove = position >= 0 ? position + 1 : -position - 1;
    return (notAbove & 1) == 1;
  }

  /** Whether it is {@link #below} some bound, the case that needs one comparison. */
  public boolean isThreshold() {
    return bounds.length == 2 && bounds[0] == Long.MIN_VALUE;
  }

  /** Keys at which membership changes, ascending. */
  public long[] bounds() {
    return bounds.clone();
  }

  /** This set in other keys; {@code change} must keep the order. */
  public KeySet map(LongUnaryOperator change) {
    long[] changed = bounds.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] = bounds[i] == Long.MIN_VALUE ? bounds[i] : change.applyAsLong(bounds[i]);
    }
    return new KeySet(changed);
  }

  /** The bound of a {@linkplain #isThreshold threshold}. */
  public long threshold() {
    return bounds[1];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeySet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return "KeySet" + Arrays.toString(bounds);
  }
}
