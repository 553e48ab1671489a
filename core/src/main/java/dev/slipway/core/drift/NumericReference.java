package dev.slipway.core.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frozen bins of numbers. Every value with a tenth of the finite values or more has a bin of its
 * own: quantile bins alone would melt a zero-inflated feature into one, and equal widths are
 * stretched by a single outlier until they see nothing. The rest gets quantile bins whose edges are
 * values of the data, with open ends. An interval that a spike lies in is cut there, so that all
 * bins of values stand in one order.
 *
 * <p>The cuts ascend strictly; each is a spike or the closed upper edge of an interval. Interval i
 * lies below cut i; a spike's bin follows the interval below it.
 */
public final class NumericReference implements FeatureReference {
  private final String feature;
  private final double[] cuts;
  private final boolean[] spike;
  private final int[] interval;
  private final double[] centres;
  private final Moments moments;
  private final BinCounts counts;

  /**
   * Of the finite values.
   *
   * @param deviation population standard deviation
   * @param min of no values: positive infinity
   * @param max of no values: negative infinity
   */
  public record Moments(double mean, double deviation, double min, double max) {
    static Moments of(double[] sorted) {
      if (sorted.length == 0) {
        return new Moments(0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      }
      double min = sorted[0];
      double max = sorted[sorted.length - 1];
      // Scaled, so that neither sum leaves the range of a double.
      double scale = Math.max(Math.max(Math.abs(min), Math.abs(max)), Double.MIN_NORMAL);
      double sum = 0;
      for (double value : sorted) {
        sum += value / scale;
      }
      double mean = sum / sorted.length;
      double squares = 0;
      for (double value : sorted) {
        squares += (value / scale - mean) * (value / scale - mean);
      }
      double deviation = min == max ? 0 : Math.sqrt(squares / sorted.length);
      return new Moments(Math.clamp(mean * scale, min, max), deviation * scale, min, max);
    }
  }

  /**
   * @param cuts ascending
   * @param spike whether a cut is one; as many as cuts
   * @param centres where the values of each bin lie on average, ascending
   * @throws IllegalArgumentException if they do not fit each other
   */
  NumericReference(
      String feature,
      double[] cuts,
      boolean[] spike,
      double[] centres,
      Moments moments,
      BinCounts counts) {
    this.feature = feature;
    this.cuts = cuts.clone();
    this.spike = spike.clone();
    this.centres = centres.clone();
    this.moments = moments;
    this.counts = counts;
    this.interval = new int[cuts.length + 1];
    for (int i = 0; i < cuts.length; i++) {
      if (!Double.isFinite(cuts[i]) || (i > 0 && !(cuts[i - 1] < cuts[i]))) {
        throw new IllegalArgumentException(
            "cuts: %s (expected: finite, ascending)".formatted(Arrays.toString(cuts)));
      }
      interval[i + 1] = interval[i] + (spike[i] ? 2 : 1);
    }
    int values = interval[cuts.length] + 1;
    if (spike.length != cuts.length || centres.length != values || counts.bins() != values + 2) {
      throw new IllegalArgumentException(
          "%d cuts, %d centres, %d counts (expected: %d centres and %d counts)"
              .formatted(cuts.length, centres.length, counts.bins(), values, values + 2));
    }
    for (int i = 1; i < centres.length; i++) {
      if (!(centres[i - 1] <= centres[i])) {
        throw new IllegalArgumentException(
            "centres: %s (expected: ascending)".formatted(Arrays.toString(centres)));
      }
    }
  }

  /**
   * Cuts the bins and counts the reference data.
   *
   * @param values given ones; NaN and infinities are invalid
   * @param missing values that were not given, {@code >= 0}
   */
  public static NumericReference of(String feature, double[] values, long missing, BinRules rules) {
    // Adding zero makes the negative zero equal to the positive one.
    double[] sorted =
        Arrays.stream(values).filter(Double::isFinite).map(value -> value + 0.0).sorted().toArray();
    Cuts cuts = Cuts.of(sorted, rules);
    double[] centres = cuts.centres(sorted);
    Moments moments = Moments.of(sorted);
    NumericReference empty =
        new NumericReference(
            feature, cuts.at(), cuts.spike(), centres, moments, BinCounts.none(centres.length + 2));
    NumericCounter counter = new NumericCounter(empty);
    for (double value : values) {
      counter.add(value);
    }
    counter.addMissing(missing);
    return new NumericReference(
        feature, cuts.at(), cuts.spike(), centres, moments, counter.counts());
  }

  /** Place of the bin that a value falls into: O(log bins), without allocation. */
  int bin(double value) {
    if (!Double.isFinite(value)) {
      return invalidBin();
    }
    int low = 0;
    int high = cuts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cuts[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < cuts.length && spike[low] && cuts[low] == value
        ? interval[low] + 1
        : interval[low];
  }

  @Override
  public String feature() {
    return feature;
  }

  @Override
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    double above = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < cuts.length; i++) {
      bins.add(new Bin.Interval(above, cuts[i], !spike[i]));
      if (spike[i]) {
        bins.add(new Bin.Spike(cuts[i]));
      }
      above = cuts[i];
    }
    bins.add(new Bin.Interval(above, Double.POSITIVE_INFINITY, false));
    bins.add(Bin.Rest.MISSING);
    bins.add(Bin.Rest.INVALID);
    return List.copyOf(bins);
  }

  @Override
  public BinCounts counts() {
    return counts;
  }

  public Moments moments() {
    return moments;
  }

  /** Bins of values, which are the first ones and in ascending order. */
  int valueBins() {
    return centres.length;
  }

  /** Where the reference's values of a bin lie on average. */
  double centre(int bin) {
    return centres[bin];
  }

  int cuts() {
    return cuts.length;
  }

  double cut(int place) {
    return cuts[place];
  }

  boolean isSpike(int place) {
    return spike[place];
  }
}
