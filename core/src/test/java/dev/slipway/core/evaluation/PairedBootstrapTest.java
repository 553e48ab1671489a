package dev.slipway.core.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.evaluation.PairedBootstrap.Difference;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(1_000, 0.95, 1);

  /** The first numbers of seed 1234567, as rosettacode.org lists them for SplitMix64. */
  @Test
  void theGeneratorIsSplitMix64() {
    SplitMix64 random = new SplitMix64(1_234_567);
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("4593380528125082431");
  }

  @Test
  void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
    Rows rows = new Rows(400, 0.2, 0.1, 3);

    Difference first = rows.difference(BOOTSTRAP, Metric.AUC);

    assertThat(rows.difference(BOOTSTRAP, Metric.AUC)).isEqualTo(first);
    assertThat(rows.difference(new PairedBootstrap(1_000, 0.95, 2), Metric.AUC))
        .isNotEqualTo(first);
    assertThat(first.low()).isLessThan(first.difference());
    assertThat(first.high()).isGreaterThan(first.difference());
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    Rows rows = new Rows(200, 0.2, 0.1, 4);
    for (Metric metric : Metric.values()) {
      Difference difference =
          BOOTSTRAP.difference(metric, rows.labels, rows.candidate, rows.candidate, 0.5);
      assertThat(difference.low()).isZero();
      assertThat(difference.high()).isZero();
    }
  }

  @Test
  void lessErrorIsAPositiveDifference() {
    Rows rows = new Rows(500, 0.05, 0.4, 5);
    for (Metric metric : Metric.values()) {
      assertThat(rows.difference(BOOTSTRAP, metric).low()).as("%s", metric).isPositive();
    }
  }

  /**
   * The mean's bootstrap has a known spread: the interval of a mean difference is about 1.96
   * standard errors on either side.
   */
  @Test
  void theIntervalOfAMeanIsThatOfTheNormalApproximation() {
    Random random = new Random(6);
    int count = 2_000;
    double[] labels = new double[count];
    double[] candidate = new double[count];
    double[] incumbent = new double[count];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      incumbent[i] = 1 + random.nextDouble();
      double gain = random.nextGaussian() / 10;
      candidate[i] = incumbent[i] - gain;
      sum += gain;
      squares += gain * gain;
    }
    double mean = sum / count;
    double error = Math.sqrt((squares / count - mean * mean) / count);

    Difference difference =
        new PairedBootstrap(4_000, 0.95, 9).difference(Metric.MAE, labels, candidate, incumbent, 0);

    assertThat(difference.difference()).isCloseTo(mean, within(1e-9));
    assertThat(difference.low()).isCloseTo(mean - 1.96 * error, within(0.2 * error));
    assertThat(difference.high()).isCloseTo(mean + 1.96 * error, within(0.2 * error));
  }

  /** Of 200 data sets of two equally good models the 95 % interval misses zero in about ten. */
  @Test
  void theIntervalCoversTheTruthAboutAsOftenAsItSays() {
    int missed = 0;
    for (int i = 0; i < 200; i++) {
      Rows rows = new Rows(150, 0.3, 0.3, 1_000 + i);
      Difference difference = rows.difference(new PairedBootstrap(200, 0.95, i), Metric.AUC);
      if (difference.low() > 0 || difference.high() < 0) {
        missed++;
      }
    }
    assertThat(missed).isBetween(2, 24);
  }

  @Test
  void quantilesAreThoseOfTheirDefinitions() {
    double[] sorted = {1, 2, 3, 4};
    assertThat(Quantiles.interpolated(sorted, 0.5)).isEqualTo(2.5);
    assertThat(Quantiles.interpolated(sorted, 1)).isEqualTo(4);
    assertThat(Quantiles.interpolated(sorted, 0.1)).isCloseTo(1.3, within(1e-12));
    long[] counts = {10, 20, 30, 40};
    assertThat(Quantiles.nearestRank(counts, 0)).isEqualTo(10);
    assertThat(Quantiles.nearestRank(counts, 0.5)).isEqualTo(20);
    assertThat(Quantiles.nearestRank(counts, 0.51)).isEqualTo(30);
    assertThat(Quantiles.nearestRank(counts, 0.99)).isEqualTo(40);
  }

  /** Probabilities that are off by Gaussian noise. */
  private static final class Rows {
    final double[] labels;
    final double[] candidate;
    final double[] incumbent;

    Rows(int count, double candidateNoise, double incumbentNoise, long seed) {
      Random random = new Random(seed);
      labels = new double[count];
      candidate = new double[count];
      incumbent = new double[count];
      for (int i = 0; i < count; i++) {
        labels[i] = i % 4 == 0 ? 1 : 0;
        double truth = 0.3 + 0.4 * labels[i];
        candidate[i] = Math.clamp(truth + random.nextGaussian() * candidateNoise, 0, 1);
        incumbent[i] = Math.clamp(truth + random.nextGaussian() * incumbentNoise, 0, 1);
      }
    }

    Difference difference(PairedBootstrap bootstrap, Metric metric) {
      return bootstrap.difference(metric, labels, candidate, incumbent, 0.5);
    }
  }
}
