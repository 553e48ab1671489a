package dev.slipway.example.fraud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.evaluation.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The first week of the stream against its tenth. In the first no fraud is old enough to count, so
 * every risk of a terminal is 0; in the tenth some are not. Whoever trained on the first week would
 * want to know.
 */
final class DriftTest {
  private static final int WEEK = 7;
  private static final int TENTH_WEEK_DAY = 9 * WEEK;
  private static final int DECILES = 10;

  private static double[][] first = new double[0][];
  private static double[][] tenth = new double[0][];

  @BeforeAll
  static void generate() {
    WorldSettings settings = WorldSettings.DEFAULT.withDays(TENTH_WEEK_DAY + WEEK);
    FeatureExtractor extractor = new FeatureExtractor(settings);
    TransactionStream stream = new TransactionStream(settings);
    Columns before = new Columns();
    Columns now = new Columns();
    float[] row = new float[Feature.count()];
    while (stream.hasNext()) {
      Transaction transaction = stream.next();
      extractor.extract(transaction, row, 0);
      if (transaction.day() < WEEK) {
        before.add(row);
      } else if (transaction.day() >= TENTH_WEEK_DAY) {
        now.add(row);
      }
    }
    first = before.values();
    tenth = now.values();
  }

  @Test
  void theRiskOfTerminalsAlarms() {
    double psi = psi(Feature.TERMINAL_ID_RISK_30DAY_WINDOW);

    System.out.printf(
        "terminal risk, 30 days: PSI %.4f of %d and %d rows; zeros in the tenth week: %.4f%n",
        psi,
        column(first, Feature.TERMINAL_ID_RISK_30DAY_WINDOW).length,
        column(tenth, Feature.TERMINAL_ID_RISK_30DAY_WINDOW).length,
        Arrays.stream(column(tenth, Feature.TERMINAL_ID_RISK_30DAY_WINDOW))
                .filter(risk -> risk == 0)
                .count()
            / (double) column(tenth, Feature.TERMINAL_ID_RISK_30DAY_WINDOW).length);
    assertThat(psi).isGreaterThan(0.2);
  }

  /** Why: deciles of a column that is 0 throughout are one and the same edge. */
  @Test
  void distinctDecilesWouldSeeNothing() {
    double[] sorted = column(first, Feature.TERMINAL_ID_RISK_30DAY_WINDOW);
    Arrays.sort(sorted);

    assertThat(
            IntStream.rangeClosed(0, DECILES)
                .mapToDouble(i -> Quantiles.interpolated(sorted, (double) i / DECILES))
                .distinct()
                .count())
        .as("edges: at most one bin between them")
        .isLessThanOrEqualTo(2);
  }

  @Test
  void whatIsStationaryFromTheFirstDayDoesNotAlarm() {
    for (Feature feature :
        new Feature[] {
          Feature.TX_AMOUNT, Feature.TX_DURING_WEEKEND, Feature.TX_DURING_NIGHT,
        }) {
      assertThat(psi(feature)).as(feature.name()).isLessThan(0.01);
    }
  }

  private static double psi(Feature feature) {
    NumericReference reference =
        NumericReference.of(feature.name(), column(first, feature), 0, BinRules.DEFAULT);
    NumericCounter counter = new NumericCounter(reference);
    for (double value : column(tenth, feature)) {
      counter.add(value);
    }
    return FeatureDrift.of(reference, counter.counts()).psi();
  }

  private static double[] column(double[][] columns, Feature feature) {
    return columns[Feature.all().indexOf(feature)];
  }

  /** Rows, column by column. */
  private static final class Columns {
    private final double[][] values = new double[Feature.count()][1 << 10];
    private int rows;

    void add(float[] row) {
      for (int i = 0; i < row.length; i++) {
        if (rows == values[i].length) {
          values[i] = Arrays.copyOf(values[i], 2 * rows);
        }
        values[i][rows] = row[i];
      }
      rows++;
    }

    double[][] values() {
      return Arrays.stream(values)
          .map(column -> Arrays.copyOf(column, rows))
          .toArray(double[][]::new);
    }
  }
}
