package dev.slipway.engine.trees.ensemble;

/**
 * Floating-point numbers as integers of the same order, so that a comparison is a subtraction.
 *
 * <p>Equal numbers have equal keys ({@code -0.0} is {@code 0.0}), a smaller number has the smaller
 * key, neighbouring numbers have neighbouring keys, and every NaN has the one key {@link #NAN_32}
 * or {@link #NAN_64}, above all numbers. The lowest integer is the key of no number.
 */
public final class OrderedKey {
  /** Key of a missing FP32 value. */
  public static final int NAN_32 = Integer.MAX_VALUE;

  /** Key of a missing FP64 value. */
  public static final long NAN_64 = Long.MAX_VALUE;

  /** Below the key of every number, of either width once widened. */
  public static final int BELOW_ALL_32 = Integer.MIN_VALUE;

  private OrderedKey() {}

  public static int of(float value) {
    if (Float.isNaN(value)) {
      return NAN_32;
    }
    int bits = Float.floatToRawIntBits(value + 0.0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  public static long of(double value) {
    if (Double.isNaN(value)) {
      return NAN_64;
    }
    long bits = Double.doubleToRawLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /**
   * Greatest FP32 number that is not above {@code value}: an FP32 {@code x} satisfies {@code x <=
   * value} exactly when it satisfies {@code x <= floor(value)}.
   */
  public static float floor(double value) {
    float nearest = (float) value;
    return nearest > value ? Math.nextDown(nearest) : nearest;
  }
}
