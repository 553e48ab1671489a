package dev.slipway.example.fraud;

/**
 * One card payment.
 *
 * @param id 0, 1, 2, ... in the order of time
 * @param seconds since the world's start
 * @param amountCents {@code >= 1}
 * @param labelSeconds when {@code scenario} becomes known, since the world's start; until then
 *     nobody may act on it
 */
public record Transaction(
    int id,
    int seconds,
    int customer,
    int terminal,
    int amountCents,
    FraudScenario scenario,
    int labelSeconds) {
  public boolean isFraud() {
    return scenario.isFraud();
  }

  public int day() {
    return seconds / WorldSettings.SECONDS_PER_DAY;
  }

  public int week() {
    return day() / 7;
  }
}
