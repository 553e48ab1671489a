package dev.slipway.example.fraud;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts transactions by scenario. Not thread-safe. */
final class ScenarioTally {
  private final Map<FraudScenario, Integer> counts = new EnumMap<>(FraudScenario.class);
  private int all;

  void add(Transaction transaction) {
    counts.merge(transaction.scenario(), 1, Integer::sum);
    all++;
  }

  int all() {
    return all;
  }

  int count(FraudScenario scenario) {
    return counts.getOrDefault(scenario, 0);
  }

  int frauds() {
    return all - count(FraudScenario.NONE);
  }

  /** Share of frauds in percent; NaN when nothing was counted. */
  double fraudPercent() {
    return 100.0 * frauds() / all;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d transactions, %,d frauds (%.3f %%): %,d large amounts, %,d at compromised terminals,"
            + " %,d with stolen cards",
        all,
        frauds(),
        fraudPercent(),
        count(FraudScenario.LARGE_AMOUNT),
        count(FraudScenario.COMPROMISED_TERMINAL),
        count(FraudScenario.STOLEN_CARD));
  }
}
