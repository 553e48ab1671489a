package dev.slipway.example.fraud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class FeatureExtractorTest {
  private static final int DAY = WorldSettings.SECONDS_PER_DAY;

  /** Few terminals, so that many transactions meet at each. */
  private static final WorldSettings SMALL =
      new WorldSettings(1, 60, 12, 70, WorldSettings.DEFAULT.start());

  @Property(tries = 15)
  void changingTheFutureDoesNotChangeAFeature(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double place) {
    List<Transaction> transactions = transactions(SMALL.withSeed(seed));
    int presentIndex = (int) (place * (transactions.size() - 1));
    int present = transactions.get(presentIndex).seconds();
    Random random = new Random(seed);

    List<Transaction> otherFuture = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      Transaction transaction = transactions.get(i);
      if (i > presentIndex && random.nextBoolean()) {
        continue;
      }
      otherFuture.add(
          i > presentIndex || transaction.labelSeconds() > present
              ? withOtherOutcome(transaction, Math.max(present, transaction.seconds()), random)
              : transaction);
    }

    List<float[]> rows = rows(transactions).subList(0, presentIndex + 1);
    List<float[]> otherRows = rows(otherFuture).subList(0, presentIndex + 1);
    assertThat(otherRows).usingElementComparator(FeatureExtractorTest::compare).isEqualTo(rows);
  }

  @Property(tries = 5)
  void everyFeatureIsWhatItsDescriptionSays(@ForAll long seed) {
    List<Transaction> transactions = transactions(SMALL.withSeed(seed));
    List<float[]> rows = rows(transactions);

    for (int i = 0; i < transactions.size(); i += 7) {
      assertThat(rows.get(i))
          .as("transaction %d", i)
          .isEqualTo(FeatureDefinition.row(SMALL, transactions, i));
    }
  }

  @Test
  void aFraudCountsOnceItIsBothOldEnoughAndReported() {
    List<Transaction> transactions =
        List.of(
            fraud(0, 0, 3 * DAY),
            fraud(1, 10, 9 * DAY),
            genuine(2, 7 * DAY - 1),
            genuine(3, 7 * DAY),
            genuine(4, 7 * DAY + 10),
            genuine(5, 9 * DAY - 1),
            genuine(6, 9 * DAY));
    List<float[]> rows = rows(transactions);

    assertThat(risk30(rows, 2)).as("no transaction is seven days old").isZero();
    assertThat(risk30(rows, 3)).as("the first is old enough and reported").isEqualTo(1);
    assertThat(risk30(rows, 4)).as("the second is old enough but unreported").isEqualTo(0.5f);
    assertThat(risk30(rows, 5)).isEqualTo(0.5f);
    assertThat(risk30(rows, 6)).as("the second is reported").isEqualTo(1);
  }

  @Test
  void weekendAndNightAreThoseOfTheCalendar() {
    int saturday = 5 * DAY;
    List<float[]> rows =
        rows(
            List.of(
                genuine(0, 0),
                genuine(1, 6 * 3_600 - 1),
                genuine(2, 6 * 3_600),
                genuine(3, saturday - 1),
                genuine(4, saturday),
                genuine(5, saturday + 2 * DAY - 1),
                genuine(6, saturday + 2 * DAY)));

    assertThat(column(rows, Feature.TX_DURING_NIGHT)).containsExactly(1, 1, 0, 0, 1, 0, 1);
    assertThat(column(rows, Feature.TX_DURING_WEEKEND)).containsExactly(0, 0, 0, 0, 1, 1, 0);
  }

  @Test
  void rowsForBenchmarksAreDistinctAndRepeatable() {
    float[][] rows = FraudRows.rows(3, 10_000);

    assertThat(rows).isDeepEqualTo(FraudRows.rows(3, 10_000));
    assertThat(List.of(rows).stream().map(java.util.Arrays::toString).distinct().count())
        .isGreaterThan(9_990);
    assertThat(FraudRows.rows(4, 10)).isNotEqualTo(FraudRows.rows(3, 10));
  }

  /** The same payment with another outcome that becomes known after {@code present}. */
  private static Transaction withOtherOutcome(Transaction transaction, int present, Random random) {
    FraudScenario[] scenarios = FraudScenario.values();
    return new Transaction(
        transaction.id(),
        transaction.seconds(),
        transaction.customer(),
        transaction.terminal(),
        transaction.amountCents(),
        scenarios[random.nextInt(scenarios.length)],
        present + 1 + random.nextInt(10 * DAY));
  }

  private static Transaction fraud(int id, int seconds, int labelSeconds) {
    return new Transaction(id, seconds, 0, 0, 100, FraudScenario.LARGE_AMOUNT, labelSeconds);
  }

  private static Transaction genuine(int id, int seconds) {
    return new Transaction(id, seconds, 0, 0, 100, FraudScenario.NONE, seconds + 14 * DAY);
  }

  private static float risk30(List<float[]> rows, int index) {
    return rows.get(index)[Feature.all().indexOf(Feature.TERMINAL_ID_RISK_30DAY_WINDOW)];
  }

  private static float[] column(List<float[]> rows, Feature feature) {
    float[] column = new float[rows.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows.get(i)[Feature.all().indexOf(feature)];
    }
    return column;
  }

  private static int compare(float[] one, float[] other) {
    return java.util.Arrays.compare(one, other);
  }

  private static List<Transaction> transactions(WorldSettings settings) {
    List<Transaction> transactions = new ArrayList<>();
    new TransactionStream(settings).forEachRemaining(transactions::add);
    return transactions;
  }

  private static List<float[]> rows(List<Transaction> transactions) {
    FeatureExtractor extractor = new FeatureExtractor(SMALL);
    List<float[]> rows = new ArrayList<>();
    for (Transaction transaction : transactions) {
      float[] row = new float[Feature.count()];
      extractor.extract(transaction, row, 0);
      rows.add(row);
    }
    return rows;
  }
}
