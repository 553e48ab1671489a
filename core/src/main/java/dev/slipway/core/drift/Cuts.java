package dev.slipway.core.drift;

import java.util.Arrays;

/**
 * Where numbers are cut into bins.
 *
 * @param at ascending strictly
 * @param spike whether the number itself has its own bin; else it is the closed upper edge of one
 */
record Cuts(double[] at, boolean[] spike) {
  /**
   * @param sorted ascending, finite, without negative zeros
   */
  static Cuts of(double[] sorted, BinRules rules) {
    double[] spikes = spikes(sorted, rules.spikeShare());
    double[] rest =
        Arrays.stream(sorted).filter(value -> Arrays.binarySearch(spikes, value) < 0).toArray();
    double[] edges = edges(rest, rules.quantileBins());
    double[] at = new double[spikes.length + edges.length];
    System.arraycopy(spikes, 0, at, 0, spikes.length);
    System.arraycopy(edges, 0, at, spikes.length, edges.length);
    Arrays.sort(at);
    boolean[] spike = new boolean[at.length];
    for (int i = 0; i < at.length; i++) {
      spike[i] = Arrays.binarySearch(spikes, at[i]) >= 0;
    }
    return new Cuts(at, spike);
  }

  private static double[] spikes(double[] sorted, double share) {
    double[] spikes = new double[sorted.length];
    int count = 0;
    int from = 0;
    for (int to = 1; to <= sorted.length; to++) {
      if (to == sorted.length || sorted[to] != sorted[from]) {
        if (to - from >= share * sorted.length) {
          spikes[count++] = sorted[from];
        }
        from = to;
      }
    }
    return Arrays.copyOf(spikes, count);
  }

  /** Quantiles by nearest rank, so that each is a value of the data; equal ones once. */
  private static double[] edges(double[] rest, int bins) {
    if (rest.length == 0) {
      return new double[0];
    }
    double[] edges = new double[bins - 1];
    for (int i = 1; i < bins; i++) {
      int rank = (int) Math.ceilDiv((long) i * rest.length, (long) bins);
      edges[i - 1] = rest[rank - 1];
    }
    return Arrays.stream(edges).distinct().toArray();
  }

  /**
   * The mean of the values in each bin. An empty bin has none: it stands in the middle of its cuts,
   * or at its only one.
   */
  double[] centres(double[] sorted) {
    double[] centres = new double[2 * at.length + 1];
    int bins = 0;
    int from = 0;
    for (int i = 0; i <= at.length; i++) {
      int to = from;
      while (to < sorted.length
          && (i == at.length || sorted[to] < at[i] || (sorted[to] == at[i] && !spike[i]))) {
        to++;
      }
      centres[bins++] = from == to ? between(i) : mean(sorted, from, to);
      if (i < at.length && spike[i]) {
        while (to < sorted.length && sorted[to] == at[i]) {
          to++;
        }
        centres[bins++] = at[i];
      }
      from = to;
    }
    return Arrays.copyOf(centres, bins);
  }

  private double between(int interval) {
    if (at.length == 0) {
      return 0;
    }
    if (interval == 0 || interval == at.length) {
      return at[Math.min(interval, at.length - 1)];
    }
    return at[interval - 1] / 2 + at[interval] / 2;
  }

  /** Held between the least and the greatest, which rounding could leave. */
  private static double mean(double[] sorted, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += sorted[i] / (to - from);
    }
    return Math.clamp(sum, sorted[from], sorted[to - 1]);
  }
}
