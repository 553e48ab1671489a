package dev.slipway.platform.session;

import java.time.Duration;

/**
 * How many sessions there may be, and how long.
 *
 * @param sessionsMax open at the same time, {@code >= 1}; past it the longest unused ends
 * @param perAccountMax of one account, {@code >= 1}; past it its longest unused ends
 * @param idle a session that is not used for so long has ended, {@code > 0}
 * @param lifetime no session is longer, {@code >= idle}
 */
public record SessionLimits(int sessionsMax, int perAccountMax, Duration idle, Duration lifetime) {
  private static final Duration LIFETIME_MAX = Duration.ofDays(7);

  public static final SessionLimits DEFAULT =
      new SessionLimits(10_000, 20, Duration.ofHours(1), Duration.ofHours(8));

  public SessionLimits {
    if (sessionsMax < 1 || perAccountMax < 1) {
      throw new IllegalArgumentException(
          "sessions: %d, %d of one account (expected: >= 1)".formatted(sessionsMax, perAccountMax));
    }
    if (!idle.isPositive()) {
      throw new IllegalArgumentException(
          "session-idle-seconds: %d (expected: > 0)".formatted(idle.toSeconds()));
    }
    if (lifetime.compareTo(idle) < 0 || lifetime.compareTo(LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "session-seconds: %d (expected: session-idle-seconds..604800)"
              .formatted(lifetime.toSeconds()));
    }
  }

  /** With other times. */
  public SessionLimits withTimes(Duration newIdle, Duration newLifetime) {
    return new SessionLimits(sessionsMax, perAccountMax, newIdle, newLifetime);
  }
}
