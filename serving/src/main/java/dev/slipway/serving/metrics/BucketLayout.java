package dev.slipway.serving.metrics;

/**
 * Exponential buckets, eight to a doubling: exactly those of a Prometheus native histogram of
 * schema 3, so that a snapshot converts without loss and a quantile is off by at most 9 %.
 *
 * <p>Bucket 0 holds everything up to {@code 2^minExponent} (the native zero bucket). Bucket {@code
 * i} holds {@code (2^((k-1)/8), 2^(k/8)]} with {@code k = nativeIndex(i)}. The last one holds
 * everything above {@code 2^maxExponent}. Bounds are in base units: seconds or rows.
 */
public enum BucketLayout {
  /** Recorded in nanoseconds, bounds in seconds from 60 ns to 64 s. */
  SECONDS(1e-9, -24, 6),
  /** Recorded and bounded in rows, from 1 to 2^20. */
  ROWS(1, -1, 20);

  /** Prometheus' resolution: 2^3 buckets to a doubling. */
  public static final int SCHEMA = 3;

  static final int PER_DOUBLING = 1 << SCHEMA;

  private static final long MANTISSA_MASK = (1L << 52) - 1;
  private static final long[] MANTISSA_BOUNDS = mantissaBounds();

  private final double unit;
  private final int minExponent;
  private final int maxExponent;
  private final double zeroThreshold;

  BucketLayout(double unit, int minExponent, int maxExponent) {
    this.unit = unit;
    this.minExponent = minExponent;
    this.maxExponent = maxExponent;
    this.zeroThreshold = Math.scalb(1.0, minExponent);
  }

  private static long[] mantissaBounds() {
    long[] bounds = new long[PER_DOUBLING];
    for (int i = 0; i < PER_DOUBLING; i++) {
      bounds[i] =
          Double.doubleToRawLongBits(Math.pow(2, i / (double) PER_DOUBLING)) & MANTISSA_MASK;
    }
    return bounds;
  }

  /** Base units per recorded unit: 1e-9 where nanoseconds are recorded. */
  public double unit() {
    return unit;
  }

  /** Upper bound of bucket 0, in base units; the zero threshold of the native histogram. */
  public double zeroThreshold() {
    return zeroThreshold;
  }

  public int buckets() {
    return (maxExponent - minExponent) * PER_DOUBLING + 2;
  }

  /** Index of bucket {@code bucket >= 1} in a native histogram of schema 3. */
  public int nativeIndex(int bucket) {
    return minExponent * PER_DOUBLING + bucket;
  }

  /** Inclusive upper bound in base units; infinity for the last bucket. */
  public double upperBound(int bucket) {
    return bucket == buckets() - 1
        ? Double.POSITIVE_INFINITY
        : Math.pow(2, nativeIndex(bucket) / (double) PER_DOUBLING);
  }

  /** Bucket of a recorded value, {@code >= 0}. */
  int bucketOf(long recorded) {
    double value = recorded * unit;
    if (value <= zeroThreshold) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) - 1023;
    long mantissa = bits & MANTISSA_MASK;
    int within = 0;
    for (long bound : MANTISSA_BOUNDS) {
      within += mantissa > bound ? 1 : 0;
    }
    return Math.min((exponent - minExponent) * PER_DOUBLING + within, buckets() - 1);
  }
}
