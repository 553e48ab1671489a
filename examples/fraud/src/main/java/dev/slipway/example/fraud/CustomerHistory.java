package dev.slipway.example.fraud;

/**
 * What one customer spent in sliding windows that end now. Sums are whole cents, so they never
 * drift from what a fresh sum would give. Not thread-safe.
 */
final class CustomerHistory {
  private final EventQueue events = new EventQueue();
  private final int[] windowSeconds;
  private final long[] firstInWindow;
  private final long[] cents;

  /**
   * @param windowDays lengths of the windows, ascending
   */
  CustomerHistory(int... windowDays) {
    windowSeconds = new int[windowDays.length];
    for (int w = 0; w < windowDays.length; w++) {
      windowSeconds[w] = windowDays[w] * WorldSettings.SECONDS_PER_DAY;
    }
    firstInWindow = new long[windowDays.length];
    cents = new long[windowDays.length];
  }

  /** Adds a payment, not earlier than the last, and lets those fall out that are too old now. */
  void add(int seconds, int amountCents) {
    events.add(seconds, amountCents);
    for (int w = 0; w < windowSeconds.length; w++) {
      cents[w] += amountCents;
      while (events.seconds(firstInWindow[w]) <= seconds - windowSeconds[w]) {
        cents[w] -= events.value(firstInWindow[w]++);
      }
    }
    events.dropBefore(firstInWindow[windowSeconds.length - 1]);
  }

  /** Payments in window {@code w}: later than its length ago, up to the last one added. */
  int count(int w) {
    return (int) (events.end() - firstInWindow[w]);
  }

  /** Their mean amount in whole currency units. */
  double meanAmount(int w) {
    return cents[w] / 100.0 / count(w);
  }
}
