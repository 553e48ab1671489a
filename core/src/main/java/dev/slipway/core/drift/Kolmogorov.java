package dev.slipway.core.drift;

/** Kolmogorov's limit distribution and the two-sample test on bins. */
public final class Kolmogorov {
  private static final int TERMS_MAX = 100;

  private Kolmogorov() {}

  /**
   * The two-sample Kolmogorov-Smirnov test on bins in ascending order: the greatest distance of the
   * two distribution functions at the bins' upper ends. Between these the functions may lie further
   * apart, so the statistic is a lower bound of the true one and the p-value an upper bound of the
   * limit distribution's; both are exact if equal values share a bin. Missing and invalid values
   * take no part.
   *
   * @param bins that are ordered: the first ones
   * @param n reference values in these bins, {@code >= 1}
   * @param m current ones, {@code >= 1}
   */
  static TestResult test(BinCounts reference, BinCounts current, int bins, long n, long m) {
    long below = 0;
    long belowNow = 0;
    double distance = 0;
    for (int bin = 0; bin < bins; bin++) {
      below += reference.count(bin);
      belowNow += current.count(bin);
      distance = Math.max(distance, Math.abs((double) below / n - (double) belowNow / m));
    }
    double size = (double) n * m / ((double) n + m);
    return new TestResult(distance, upperTail(distance * Math.sqrt(size)));
  }

  /**
   * Probability that the limit of sqrt(n) D is at least x: 2 sum of (-1)^(k-1) exp(-2 k^2 x^2) over
   * k from 1 (Kolmogorov 1933); for small x by the equal series that converges there.
   *
   * @param x {@code >= 0}
   */
  public static double upperTail(double x) {
    if (x < 0.04) { // Less than 1e-300 away from 1, where the series would divide by zero.
      return 1;
    }
    if (x < 1) {
      double q = -Math.PI * Math.PI / (8 * x * x);
      double sum = 0;
      for (int k = 1; k < TERMS_MAX; k += 2) {
        sum += Math.exp(q * k * k);
      }
      return 1 - Math.sqrt(2 * Math.PI) / x * sum;
    }
    double sum = 0;
    for (int k = 1; k < TERMS_MAX; k++) {
      double term = Math.exp(-2 * k * k * x * x);
      sum += k % 2 == 1 ? term : -term;
    }
    return Math.min(1, 2 * sum);
  }
}
