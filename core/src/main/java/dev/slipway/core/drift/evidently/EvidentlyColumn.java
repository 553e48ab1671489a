package dev.slipway.core.drift.evidently;

import dev.slipway.core.drift.ChiSquare;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * One column of two samples. Missing values, NaN and infinities are left out beforehand, as the
 * library does, so nothing here tells of them. Immutable.
 */
public final class EvidentlyColumn {
  private static final int LARGE_ROWS = 1_000;
  private static final int FEW_VALUES = 5;

  /** Up to here a number is its own bin. */
  private static final int VALUES_AS_BINS = 20;

  private static final double ZERO_SHARE = 1e-4;
  private static final double SMALLER_THAN_LEAST = 1e6;
  private static final double DEVIATION_MIN = 0.001;

  /** Sorted; none for texts. */
  private final double[] reference;

  private final double[] current;

  /** By different values of both samples. */
  private final long[] referenceCounts;

  private final long[] currentCounts;
  private final boolean numeric;

  private EvidentlyColumn(
      boolean numeric,
      double[] reference,
      double[] current,
      long[] referenceCounts,
      long[] currentCounts) {
    this.numeric = numeric;
    this.reference = reference;
    this.current = current;
    this.referenceCounts = referenceCounts;
    this.currentCounts = currentCounts;
    if (rows(referenceCounts) == 0 || rows(currentCounts) == 0) {
      throw new IllegalArgumentException(
          "%d reference and %d current values (expected: at least one each)"
              .formatted(rows(referenceCounts), rows(currentCounts)));
    }
  }

  /**
   * @param reference others than finite values are left out
   * @throws IllegalArgumentException if a sample has no value
   */
  public static EvidentlyColumn ofNumbers(double[] reference, double[] current) {
    double[] before = finite(reference);
    double[] now = finite(current);
    double[] both = Arrays.copyOf(before, before.length + now.length);
    System.arraycopy(now, 0, both, before.length, now.length);
    double[] values = Arrays.stream(both).sorted().distinct().toArray();
    return new EvidentlyColumn(true, before, now, counts(before, values), counts(now, values));
  }

  /**
   * @param reference how often each text is in it
   * @throws IllegalArgumentException if a sample has no value
   */
  public static EvidentlyColumn ofTexts(Map<String, Long> reference, Map<String, Long> current) {
    SortedSet<String> values = new TreeSet<>(reference.keySet());
    values.addAll(current.keySet());
    return new EvidentlyColumn(
        false,
        new double[0],
        new double[0],
        values.stream().mapToLong(value -> reference.getOrDefault(value, 0L)).toArray(),
        values.stream().mapToLong(value -> current.getOrDefault(value, 0L)).toArray());
  }

  /** Values of the reference. */
  public long referenceRows() {
    return rows(referenceCounts);
  }

  public long currentRows() {
    return rows(currentCounts);
  }

  public boolean isNumeric() {
    return numeric;
  }

  /** The test that the library chooses, by the rows of the reference and how many values differ. */
  public EvidentlyTest defaultTest() {
    int values = referenceCounts.length;
    if (referenceRows() <= LARGE_ROWS) {
      if (numeric && values > FEW_VALUES) {
        return EvidentlyTest.KOLMOGOROV_SMIRNOV;
      }
      return values > 2 ? EvidentlyTest.CHI_SQUARE : EvidentlyTest.Z;
    }
    return numeric && values > FEW_VALUES
        ? EvidentlyTest.WASSERSTEIN
        : EvidentlyTest.JENSEN_SHANNON;
  }

  /**
   * @throws IllegalArgumentException if the test is for numbers and these are texts
   */
  public double value(EvidentlyTest test) {
    return switch (test) {
      case PSI -> psi();
      case KULLBACK_LEIBLER -> kullbackLeibler();
      case JENSEN_SHANNON -> jensenShannon();
      case WASSERSTEIN -> wasserstein();
      case KOLMOGOROV_SMIRNOV -> smirnov().pValue();
      case CHI_SQUARE -> chiSquare();
      case Z -> z();
    };
  }

  /** Sum of (c - r) ln(c / r) over the bins, empty ones filled. */
  public double psi() {
    double[][] shares = shares();
    double[] r = filled(shares[0]);
    double[] c = filled(shares[1]);
    double sum = 0;
    for (int i = 0; i < r.length; i++) {
      sum += (c[i] - r[i]) * Math.log(c[i] / r[i]);
    }
    return sum;
  }

  /** Sum of r ln(r / c) over the bins, empty ones filled and both brought to 1 again. */
  public double kullbackLeibler() {
    double[][] shares = shares();
    double[] r = normalised(filled(shares[0]));
    double[] c = normalised(filled(shares[1]));
    double sum = 0;
    for (int i = 0; i < r.length; i++) {
      sum += r[i] * Math.log(r[i] / c[i]);
    }
    return sum;
  }

  /** The distance, with the natural logarithm. */
  public double jensenShannon() {
    double[][] shares = shares();
    double sum = 0;
    for (int i = 0; i < shares[0].length; i++) {
      double mean = (shares[0][i] + shares[1][i]) / 2;
      sum += part(shares[0][i], mean) + part(shares[1][i], mean);
    }
    return Math.sqrt(Math.max(0, sum) / 2);
  }

  private static double part(double share, double mean) {
    return share == 0 ? 0 : share * Math.log(share / mean);
  }

  /** The area between the distribution functions by the deviation, which is held above 0.001. */
  public double wasserstein() {
    requireNumbers();
    double area = 0;
    int before = 0;
    int now = 0;
    double last = Math.min(reference[0], current[0]);
    while (before < reference.length || now < current.length) {
      boolean isBefore =
          now == current.length || (before < reference.length && reference[before] <= current[now]);
      double value = isBefore ? reference[before] : current[now];
      area +=
          Math.abs((double) before / reference.length - (double) now / current.length)
              * (value - last);
      last = value;
      if (isBefore) {
        before++;
      } else {
        now++;
      }
    }
    return area / Math.max(deviation(), DEVIATION_MIN);
  }

  private double deviation() {
    double mean = Arrays.stream(reference).sum() / reference.length;
    return Math.sqrt(
        Arrays.stream(reference).map(value -> (value - mean) * (value - mean)).sum()
            / reference.length);
  }

  /** The exact statistic; the p-value as SciPy's {@code ks_2samp} chooses its method. */
  public SmirnovTest smirnov() {
    requireNumbers();
    return SmirnovTest.of(referenceCounts, currentCounts);
  }

  /** P-value of Pearson's test of the current counts against the reference's, taken as certain. */
  public double chiSquare() {
    double scale = (double) currentRows() / referenceRows();
    double sum = 0;
    for (int i = 0; i < referenceCounts.length; i++) {
      double expected = referenceCounts[i] * scale;
      double difference = currentCounts[i] - expected;
      // A value that the reference lacks makes it infinite.
      sum += difference * difference / expected;
    }
    return sum == Double.POSITIVE_INFINITY
        ? 0
        : ChiSquare.upperTail(sum, referenceCounts.length - 1);
  }

  /** P-value of the test that the first value has the same share in both. */
  public double z() {
    if (referenceCounts.length == 1) {
      return 1;
    }
    double n = referenceRows();
    double m = currentRows();
    double r = 1 - referenceCounts[0] / n;
    double c = 1 - currentCounts[0] / m;
    double both = (r * n + c * m) / (n + m);
    double variance = both * (1 - both) * (1 / n + 1 / m);
    return ChiSquare.upperTail((r - c) * (r - c) / variance, 1);
  }

  /** Of the reference and of the current sample, over the same bins. */
  private double[][] shares() {
    long valuesOfReference = Arrays.stream(referenceCounts).filter(count -> count > 0).count();
    if (!numeric || valuesOfReference <= VALUES_AS_BINS) {
      return new double[][] {shares(referenceCounts), shares(currentCounts)};
    }
    double[] edges = sturges();
    return new double[][] {shares(histogram(reference, edges)), shares(histogram(current, edges))};
  }

  /** Edges of equal width over both samples, as many bins as Sturges (1926) says. */
  private double[] sturges() {
    double low = Math.min(reference[0], current[0]);
    double high = Math.max(reference[reference.length - 1], current[current.length - 1]);
    int bins = (int) Math.ceil((high - low) / ((high - low) / (log2(rows()) + 1)));
    double step = (high - low) / bins;
    double[] edges = new double[bins + 1];
    Arrays.setAll(edges, i -> i * step + low);
    edges[bins] = high;
    return edges;
  }

  /** Exact for powers of two, on which the number of bins hangs. */
  private static double log2(int value) {
    return Integer.bitCount(value) == 1
        ? Integer.numberOfTrailingZeros(value)
        : Math.log(value) / Math.log(2);
  }

  private int rows() {
    return reference.length + current.length;
  }

  /** A bin has its lower edge; the last one has both. */
  private static long[] histogram(double[] sorted, double[] edges) {
    long[] counts = new long[edges.length - 1];
    int bin = 0;
    for (double value : sorted) {
      while (bin < counts.length - 1 && value >= edges[bin + 1]) {
        bin++;
      }
      counts[bin]++;
    }
    return counts;
  }

  private static double[] shares(long[] counts) {
    double rows = rows(counts);
    return Arrays.stream(counts).mapToDouble(count -> count / rows).toArray();
  }

  /** An empty bin gets 1e-4, or a millionth of the least share where that is no more than 1e-4. */
  private static double[] filled(double[] shares) {
    double least = Arrays.stream(shares).filter(share -> share > 0).min().orElse(1);
    double fill = least <= ZERO_SHARE ? least / SMALLER_THAN_LEAST : ZERO_SHARE;
    return Arrays.stream(shares).map(share -> share == 0 ? fill : share).toArray();
  }

  private static double[] normalised(double[] shares) {
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private static double[] finite(double[] values) {
    return Arrays.stream(values)
        .filter(Double::isFinite)
        .map(value -> value + 0.0)
        .sorted()
        .toArray();
  }

  private static long[] counts(double[] sorted, double[] values) {
    long[] counts = new long[values.length];
    int place = 0;
    for (double value : sorted) {
      while (values[place] < value) {
        place++;
      }
      counts[place]++;
    }
    return counts;
  }

  private static long rows(long[] counts) {
    return LongStream.of(counts).sum();
  }

  private void requireNumbers() {
    if (!numeric) {
      throw new IllegalArgumentException("texts (expected: numbers)");
    }
  }
}
