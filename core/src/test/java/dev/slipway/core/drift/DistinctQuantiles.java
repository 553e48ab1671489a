package dev.slipway.core.drift;

import dev.slipway.core.evaluation.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What is often done, to show what it misses: quantile bins whose equal edges are dropped. */
final class DistinctQuantiles {
  private DistinctQuantiles() {}

  /** The PSI on bins between the distinct quantiles of the reference, the outer ones closed. */
  static double psi(double[] reference, double[] current, int bins) {
    double[] sorted = Arrays.stream(reference).sorted().toArray();
    double[] edges =
        IntStream.rangeClosed(0, bins)
            .mapToDouble(i -> Quantiles.interpolated(sorted, (double) i / bins))
            .distinct()
            .toArray();
    double[] r = shares(reference, edges);
    double[] c = shares(current, edges);
    double psi = 0;
    for (int i = 0; i < r.length; i++) {
      psi += (c[i] - r[i]) * Math.log(c[i] / r[i]);
    }
    return psi;
  }

  private static double[] shares(double[] values, double[] edges) {
    double[] shares = new double[Math.max(1, edges.length - 1)];
    for (double value : values) {
      int bin = 0;
      while (bin < shares.length - 1 && value > edges[bin + 1]) {
        bin++;
      }
      shares[bin] += 1.0 / values.length;
    }
    return Arrays.stream(shares).map(share -> Math.max(share, 1e-4)).toArray();
  }
}
