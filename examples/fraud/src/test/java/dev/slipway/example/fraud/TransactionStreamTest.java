package dev.slipway.example.fraud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransactionStreamTest {
  private static final WorldSettings SMALL =
      new WorldSettings(1, 300, 150, 60, WorldSettings.DEFAULT.start());

  @Test
  void theDefaultWorldHasAMillionTransactionsOfWhichAboutEightInAThousandAreFraud() {
    ScenarioTally tally = tally(WorldSettings.DEFAULT);

    assertThat(tally.all()).isGreaterThanOrEqualTo(1_000_000);
    assertThat(tally.fraudPercent()).isBetween(0.6, 1.0);
    for (FraudScenario scenario : FraudScenario.values()) {
      assertThat(tally.count(scenario)).as("%s", scenario).isGreaterThan(500);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void theShareOfFraudIsInItsRangeForOtherSeeds(long seed) {
    assertThat(tally(WorldSettings.DEFAULT.withSeed(seed)).fraudPercent()).isBetween(0.6, 1.0);
  }

  @Test
  void fraudIsThereFromTheFirstWeek() {
    Iterator<Transaction> stream = new TransactionStream(WorldSettings.DEFAULT.withDays(7));
    ScenarioTally tally = new ScenarioTally();
    stream.forEachRemaining(tally::add);

    assertThat(tally.fraudPercent()).isBetween(0.4, 1.3);
  }

  @Property(tries = 10)
  void equalSettingsGiveEqualTransactions(@ForAll long seed) {
    assertThat(all(SMALL.withSeed(seed))).isEqualTo(all(SMALL.withSeed(seed)));
  }

  @Property(tries = 10)
  void otherSeedsGiveOtherTransactions(@ForAll long seed) {
    assertThat(all(SMALL.withSeed(seed))).isNotEqualTo(all(SMALL.withSeed(seed + 1)));
  }

  @Property(tries = 10)
  void aLongerWorldBeginsWithTheShorterOne(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 59) int days) {
    List<Transaction> shorter = all(SMALL.withSeed(seed).withDays(days));

    assertThat(all(SMALL.withSeed(seed))).startsWith(shorter.toArray(Transaction[]::new));
  }

  @Property(tries = 10)
  void transactionsAreNumberedInTheOrderOfTime(@ForAll long seed) {
    List<Transaction> transactions = all(SMALL.withSeed(seed));

    for (int i = 0; i < transactions.size(); i++) {
      assertThat(transactions.get(i).id()).isEqualTo(i);
      assertThat(transactions.get(i).seconds())
          .isGreaterThanOrEqualTo(transactions.get(Math.max(0, i - 1)).seconds());
    }
  }

  @Test
  void whatACompromisedTerminalSeesInItsDaysIsAllFraud() {
    var fraudDays =
        all(SMALL).stream()
            .filter(t -> t.scenario() == FraudScenario.COMPROMISED_TERMINAL)
            .collect(Collectors.groupingBy(Transaction::terminal))
            .entrySet();
    assertThat(fraudDays).isNotEmpty();

    for (var terminalAndFrauds : fraudDays) {
      List<Integer> days = terminalAndFrauds.getValue().stream().map(Transaction::day).toList();
      assertThat(all(SMALL))
          .filteredOn(t -> t.terminal() == terminalAndFrauds.getKey() && days.contains(t.day()))
          .allMatch(Transaction::isFraud);
    }
  }

  @Test
  void aThiefSpendsSeveralTimesWhatTheOwnerDoes() {
    List<Transaction> transactions = all(WorldSettings.DEFAULT.withDays(30));

    double thief = meanAmountCents(transactions, FraudScenario.STOLEN_CARD);
    double owner = meanAmountCents(transactions, FraudScenario.NONE);
    assertThat(thief).isBetween(2.5 * owner, 6 * owner);
    assertThat(meanAmountCents(transactions, FraudScenario.LARGE_AMOUNT)).isGreaterThan(8 * owner);
  }

  @Test
  void labelsArriveHoursToWeeksLaterAndThoseOfCompromisedTerminalsLast() {
    List<Transaction> transactions = all(WorldSettings.DEFAULT.withDays(30));
    int limit = FraudScenario.reportLimitDays() * WorldSettings.SECONDS_PER_DAY;

    assertThat(transactions)
        .allMatch(t -> t.labelSeconds() - t.seconds() <= limit)
        .allMatch(t -> t.labelSeconds() - t.seconds() >= 6 * 3_600)
        .filteredOn(t -> !t.isFraud())
        .allMatch(t -> t.labelSeconds() - t.seconds() == limit);
    assertThat(medianDelayDays(transactions, FraudScenario.LARGE_AMOUNT)).isBetween(1.2, 1.8);
    assertThat(medianDelayDays(transactions, FraudScenario.STOLEN_CARD)).isBetween(2.6, 3.4);
    assertThat(medianDelayDays(transactions, FraudScenario.COMPROMISED_TERMINAL))
        .isBetween(5.4, 6.6);
  }

  @Test
  void theStreamEnds() {
    TransactionStream stream = new TransactionStream(SMALL.withDays(1));
    stream.forEachRemaining(transaction -> assertThat(transaction.day()).isZero());

    assertThat(stream.hasNext()).isFalse();
    assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void anEmptyWorldIsRefused() {
    assertThatThrownBy(() -> new WorldSettings(1, 0, 1, 1, WorldSettings.DEFAULT.start()))
        .hasMessage("customers: 0 (expected: 1 to 2147483647)");
    assertThatThrownBy(() -> new WorldSettings(1, 1, 1, 20_001, WorldSettings.DEFAULT.start()))
        .hasMessage("days: 20001 (expected: 1 to 20000)");
  }

  private static double meanAmountCents(List<Transaction> transactions, FraudScenario scenario) {
    return transactions.stream()
        .filter(t -> t.scenario() == scenario)
        .mapToInt(Transaction::amountCents)
        .average()
        .orElseThrow();
  }

  private static double medianDelayDays(List<Transaction> transactions, FraudScenario scenario) {
    int[] delays =
        transactions.stream()
            .filter(t -> t.scenario() == scenario)
            .mapToInt(t -> t.labelSeconds() - t.seconds())
            .sorted()
            .toArray();
    return (double) delays[delays.length / 2] / WorldSettings.SECONDS_PER_DAY;
  }

  private static ScenarioTally tally(WorldSettings settings) {
    ScenarioTally tally = new ScenarioTally();
    new TransactionStream(settings).forEachRemaining(tally::add);
    return tally;
  }

  private static List<Transaction> all(WorldSettings settings) {
    List<Transaction> transactions = new ArrayList<>();
    new TransactionStream(settings).forEachRemaining(transactions::add);
    return transactions;
  }
}
