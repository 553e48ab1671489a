package dev.slipway.core.drift.evidently;

/**
 * The two-sample Kolmogorov-Smirnov test with the p-value that SciPy gives: exact up to 10,000
 * values a side, above by the exact distribution of one sample of the effective size.
 *
 * @param statistic greatest distance of the two distribution functions, in [0, 1]
 * @param pValue in [0, 1]
 */
public record SmirnovTest(double statistic, double pValue) {
  private static final int EXACT_ROWS_MAX = 10_000;

  /**
   * @param reference counts by ascending value, at least one
   * @param current as many
   */
  static SmirnovTest of(long[] reference, long[] current) {
    long n = sum(reference);
    long m = sum(current);
    long factor = gcd(n, m);
    long below = 0;
    long belowNow = 0;
    // In units of 1 / lcm(n, m), so that it is exact.
    long distance = 0;
    for (int i = 0; i < reference.length; i++) {
      below += reference[i];
      belowNow += current[i];
      distance = Math.max(distance, Math.abs(below * (m / factor) - belowNow * (n / factor)));
    }
    double statistic = (double) distance / (n / factor * m);
    if (Math.max(n, m) <= EXACT_ROWS_MAX) {
      return new SmirnovTest(statistic, exact((int) n, (int) m, (int) factor, distance));
    }
    double effective = Math.rint((double) n * m / ((double) n + m));
    return new SmirnovTest(statistic, OneSampleKolmogorov.upperTail((int) effective, statistic));
  }

  /**
   * Share of all orders of n and m values in which the distance is reached somewhere: of the
   * lattice paths to (i, j) the share i / (i + j) comes from (i - 1, j).
   */
  private static double exact(int n, int m, int factor, long distance) {
    if (distance == 0) {
      return 1;
    }
    double[] reached = new double[m + 1];
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        long apart = Math.abs((long) i * (m / factor) - (long) j * (n / factor));
        if (apart >= distance) {
          reached[j] = 1;
        } else if (i == 0 || j == 0) {
          reached[j] = j == 0 ? (i == 0 ? 0 : reached[0]) : reached[j - 1];
        } else {
          reached[j] = (reached[j] * i + reached[j - 1] * j) / (i + j);
        }
      }
    }
    return Math.clamp(reached[m], 0, 1);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
