package dev.slipway.platform.oidc;

import java.time.Duration;

/**
 * How often a provider is asked for its keys, and how long they hold.
 *
 * @param refresh from one time to the next, {@code >= 10 s}
 * @param stale how long keys are trusted after that while the provider does not answer, {@code 0 s
 *     .. 1 day}
 * @param pause least time between two questions, whatever asks for them, {@code > 0}
 */
public record KeyPace(Duration refresh, Duration stale, Duration pause) {
  private static final Duration REFRESH_MIN = Duration.ofSeconds(10);
  private static final Duration STALE_MAX = Duration.ofDays(1);

  public static final KeyPace DEFAULT =
      new KeyPace(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofSeconds(10));

  public KeyPace {
    if (refresh.compareTo(REFRESH_MIN) < 0) {
      throw new IllegalArgumentException(
          "oidc-refresh-seconds: %d (expected: >= 10)".formatted(refresh.toSeconds()));
    }
    if (stale.isNegative() || stale.compareTo(STALE_MAX) > 0) {
      throw new IllegalArgumentException(
          "oidc-stale-seconds: %d (expected: 0..86400)".formatted(stale.toSeconds()));
    }
    if (!pause.isPositive()) {
      throw new IllegalArgumentException("pause: %s (expected: > 0)".formatted(pause));
    }
  }

  /** How long keys hold after they were fetched. */
  Duration trust() {
    return refresh.plus(stale);
  }
}
