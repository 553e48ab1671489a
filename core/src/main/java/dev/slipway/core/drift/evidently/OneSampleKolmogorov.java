package dev.slipway.core.drift.evidently;

import dev.slipway.core.drift.LogGamma;

/**
 * The distribution of Kolmogorov's one-sample statistic D for n values, computed as Simard and
 * L'Ecuyer (2011) advise: far out by twice the one-sided tail, for few values or a small D by the
 * matrix of Marsaglia, Tsang and Wang (2003), else by the expansion of Pelz and Good (1976).
 */
final class OneSampleKolmogorov {
  private static final int FEW = 140;
  private static final int MANY = 100_000;

  /** Of n d^1.5: up to here the matrix is small, and the expansion not yet exact. */
  private static final double MATRIX_MAX = 1.4;

  private static final int TERMS = 30;

  private OneSampleKolmogorov() {}

  /**
   * Probability that D is at least d.
   *
   * @param n {@code >= 1}
   * @param d in [0, 1]
   */
  static double upperTail(int n, double d) {
    if (n * d <= 0.5) {
      return 1;
    }
    if (d >= 1) {
      return 0;
    }
    double squared = n * d * d;
    if (d >= 0.5 || squared >= (n <= FEW ? 4 : 2.2)) {
      return Math.min(1, 2 * oneSided(n, d));
    }
    boolean small = n <= FEW || (n <= MANY && n * Math.pow(d, 1.5) <= MATRIX_MAX);
    double below = small ? byMatrix(n, d) : byExpansion(n, d);
    return Math.clamp(1 - below, 0, 1);
  }

  /**
   * Smirnov's one-sided tail: d times the sum over j from 0 to n (1 - d) of binomial(n, j) (d +
   * j/n)^(j-1) (1 - d - j/n)^(n-j).
   */
  private static double oneSided(int n, double d) {
    double sum = 0;
    double ofN = LogGamma.of(n + 1.0);
    for (int j = 0; j <= n * (1 - d); j++) {
      double left = 1 - d - (double) j / n;
      if (left <= 0) {
        break;
      }
      sum +=
          Math.exp(
              ofN
                  - LogGamma.of(j + 1.0)
                  - LogGamma.of(n - j + 1.0)
                  + (j - 1) * Math.log(d + (double) j / n)
                  + (n - j) * Math.log(left));
    }
    return d * sum;
  }

  /** Probability that D is below d. */
  private static double byMatrix(int n, double d) {
    int k = (int) (n * d) + 1;
    int size = 2 * k - 1;
    double h = k - n * d;
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] = i - j + 1 < 0 ? 0 : 1;
      }
    }
    for (int i = 0; i < size; i++) {
      matrix[i][0] -= Math.pow(h, i + 1);
      matrix[size - 1][i] -= Math.pow(h, size - i);
    }
    matrix[size - 1][0] += 2 * h - 1 > 0 ? Math.pow(2 * h - 1, size) : 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int g = 2; g <= i - j + 1; g++) {
          matrix[i][j] /= g;
        }
        // The power grows as e^n and n! / n^n falls as fast: divided beforehand, neither overflows.
        matrix[i][j] /= Math.E;
      }
    }
    return power(matrix, n)[k - 1][k - 1] * Math.exp(LogGamma.of(n + 1.0) - n * Math.log(n) + n);
  }

  private static double[][] power(double[][] matrix, int exponent) {
    if (exponent == 1) {
      return matrix;
    }
    double[][] half = power(matrix, exponent / 2);
    double[][] square = times(half, half);
    return exponent % 2 == 0 ? square : times(square, matrix);
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < a.length; k++) {
        for (int j = 0; j < a.length; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  /** Probability that D is below d, up to a term in 1 / n^2. */
  private static double byExpansion(int n, double d) {
    double z2 = n * d * d;
    double z = Math.sqrt(z2);
    double z4 = z2 * z2;
    double z6 = z4 * z2;
    double z8 = z4 * z4;
    double root = Math.sqrt(2 * Math.PI);
    double k0 = 0;
    double k1 = 0;
    double k2 = 0;
    double k3 = 0;
    for (int k = 0; k < TERMS; k++) {
      double a = Math.PI * Math.PI * (k + 0.5) * (k + 0.5);
      double q = Math.exp(-a / (2 * z2));
      k0 += q;
      k1 += (a - z2) * q;
      k2 += (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a * a) * q;
      k3 +=
          (-30 * z6
                  - 90 * z8
                  + (135 * z4 - 96 * z6) * a
                  + (212 * z4 - 60 * z2) * a * a
                  + (5 - 30 * z2) * a * a * a)
              * q;
    }
    double extra2 = 0;
    double extra3 = 0;
    for (int k = 1; k < TERMS; k++) {
      double b = Math.PI * Math.PI * k * k;
      double q = Math.exp(-b / (2 * z2));
      extra2 += b * q;
      extra3 += (3 * z2 - b) * b * q;
    }
    double term0 = root / z * k0;
    double term1 = root / (6 * z4) * k1;
    double term2 = root / (72 * z6 * z) * k2 - root / (36 * z2 * z) * extra2;
    double term3 = root / (6_480 * z8 * z2) * k3 + root / (216 * z6) * extra3;
    return term0 + term1 / Math.sqrt(n) + term2 / n + term3 / (n * Math.sqrt(n));
  }
}
