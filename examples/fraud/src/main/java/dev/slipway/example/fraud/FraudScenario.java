package dev.slipway.example.fraud;

/**
 * How a transaction came to be fraudulent, and how long its victim takes to report it.
 *
 * <p>A report's delay is log-normal with the scenario's median and spread, clipped to between six
 * hours and {@link #reportLimitDays()}. A transaction that nobody has reported by then counts as
 * genuine: silence is the only label that a genuine transaction ever gets.
 */
public enum FraudScenario {
  /** A genuine transaction. */
  NONE(0, 0),
  /** A single purchase far above what the customer ever spends; noticed soon. */
  LARGE_AMOUNT(1.5, 0.6),
  /** A terminal that copies cards: for weeks all it sees is disputed, in the usual amounts. */
  COMPROMISED_TERMINAL(6, 0.5),
  /** A customer's credentials abused for days, anywhere and in larger amounts. */
  STOLEN_CARD(3, 0.5);

  private static final int REPORT_LIMIT_DAYS = 14;
  private static final double SHORTEST_DELAY_DAYS = 0.25;

  private final double delayMedianDays;
  private final double delaySpread;

  FraudScenario(double delayMedianDays, double delaySpread) {
    this.delayMedianDays = delayMedianDays;
    this.delaySpread = delaySpread;
  }

  /** Days after which every label is known. */
  public static int reportLimitDays() {
    return REPORT_LIMIT_DAYS;
  }

  public boolean isFraud() {
    return this != NONE;
  }

  /** Seconds from a transaction to its label; for {@link #NONE} always the limit. */
  int labelDelaySeconds(RandomStream random) {
    if (!isFraud()) {
      return REPORT_LIMIT_DAYS * WorldSettings.SECONDS_PER_DAY;
    }
    double days = random.logNormal(delayMedianDays, delaySpread);
    double clipped = Math.clamp(days, SHORTEST_DELAY_DAYS, REPORT_LIMIT_DAYS);
    return (int) (clipped * WorldSettings.SECONDS_PER_DAY);
  }
}
