package dev.slipway.platform.audit;

import java.time.Duration;

/**
 * What the log may fall behind.
 *
 * @param backlogMax committed entries that no signed checkpoint covers yet; past it changes are
 *     refused
 * @param retryAfter pause after the log could not be written
 * @param closeMax how long the stop of the server waits for the last entries to be signed
 */
public record AuditLimits(long backlogMax, Duration retryAfter, Duration closeMax) {
  public static final AuditLimits DEFAULT =
      new AuditLimits(10_000, Duration.ofSeconds(2), Duration.ofSeconds(10));

  public AuditLimits {
    if (backlogMax < 1) {
      throw new IllegalArgumentException(
          "audit backlog: %d entries (expected: >= 1)".formatted(backlogMax));
    }
  }
}
