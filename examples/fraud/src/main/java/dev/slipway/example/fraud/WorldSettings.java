package dev.slipway.example.fraud;

import java.time.LocalDate;

/**
 * Size and seed of a simulated world. Equal settings give equal transactions, and a longer world
 * begins with the transactions of a shorter one.
 *
 * @param customers number of card holders, {@code >= 1}
 * @param terminals number of terminals, {@code >= 1}
 * @param days number of days, {@code >= 1}
 * @param start first day; times are counted in seconds from its midnight, in UTC
 */
public record WorldSettings(long seed, int customers, int terminals, int days, LocalDate start) {
  static final int SECONDS_PER_DAY = 86_400;

  /** Longest world whose seconds, with the label delays, fit in an int. */
  private static final int DAYS_MAX = 20_000;

  /** 26 weeks from a Monday, about 1.2 million transactions: what the committed models learned. */
  public static final WorldSettings DEFAULT =
      new WorldSettings(20_260_105, 6_000, 3_000, 26 * 7, LocalDate.of(2026, 1, 5));

  public WorldSettings {
    requireWithin("customers", customers, Integer.MAX_VALUE);
    requireWithin("terminals", terminals, Integer.MAX_VALUE);
    requireWithin("days", days, DAYS_MAX);
  }

  public WorldSettings withSeed(long otherSeed) {
    return new WorldSettings(otherSeed, customers, terminals, days, start);
  }

  public WorldSettings withDays(int otherDays) {
    return new WorldSettings(seed, customers, terminals, otherDays, start);
  }

  private static void requireWithin(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException("%s: %d (expected: 1 to %d)".formatted(name, value, max));
    }
  }
}
