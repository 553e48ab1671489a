package dev.slipway.core.drift;

/** The chi-square distribution and Pearson's test that two samples have the same shares. */
public final class ChiSquare {
  private static final int STEPS_MAX = 100_000;
  private static final double TINY = 1e-300;

  private ChiSquare() {}

  /**
   * Pearson's test of homogeneity on the counts as they are, one degree of freedom less than there
   * are bins. Its p-value is rough where a bin expects fewer than about five values.
   *
   * @param occupied bins that are not empty on both sides
   */
  static TestResult test(BinCounts reference, BinCounts current, int[] occupied) {
    double n = reference.total();
    double m = current.total();
    double sum = 0;
    for (int bin : occupied) {
      double both = (double) reference.count(bin) + current.count(bin);
      double expectedOfReference = both * (n / (n + m));
      double expectedOfCurrent = both * (m / (n + m));
      // On both sides the difference is the same one with opposite signs.
      double difference = reference.count(bin) - expectedOfReference;
      sum += difference * difference * (1 / expectedOfReference + 1 / expectedOfCurrent);
    }
    return new TestResult(sum, upperTail(sum, occupied.length - 1));
  }

  /**
   * Probability that chi-square is at least x: the regularised upper incomplete gamma function of
   * half of both, by its series or its continued fraction (Press et al., Numerical Recipes, 6.2).
   *
   * @param x {@code >= 0}
   * @param degrees of freedom, {@code >= 0}; with none the value is always 0
   */
  public static double upperTail(double x, int degrees) {
    if (!(x >= 0) || degrees < 0) {
      throw new IllegalArgumentException(
          "chi-square %s with %d degrees of freedom (expected: both >= 0)".formatted(x, degrees));
    }
    if (x == 0 || degrees == 0) {
      return x == 0 ? 1 : 0;
    }
    double a = degrees / 2.0;
    double half = x / 2;
    double scale = Math.exp(a * Math.log(half) - half - LogGamma.of(a));
    return half < a + 1 ? 1 - scale * series(a, half) : scale * fraction(a, half);
  }

  private static double series(double a, double x) {
    double term = 1 / a;
    double sum = term;
    for (int i = 1; i < STEPS_MAX && term > sum * Math.ulp(1.0) / 4; i++) {
      term *= x / (a + i);
      sum += term;
    }
    return sum;
  }

  /** By Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double value = d;
    for (int i = 1; i < STEPS_MAX; i++) {
      double factor = -i * (i - a);
      b += 2;
      d = 1 / away(factor * d + b);
      c = away(b + factor / c);
      value *= c * d;
      if (Math.abs(c * d - 1) < Math.ulp(1.0)) {
        break;
      }
    }
    return value;
  }

  private static double away(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
