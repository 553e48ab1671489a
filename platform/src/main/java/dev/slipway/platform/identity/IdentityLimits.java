package dev.slipway.platform.identity;

import java.time.Duration;

/**
 * What identity may use.
 *
 * @param tokensMax tokens that are accepted at the same time; each is held in memory, {@code >= 1}
 * @param tokenLifetimeMax a token's longest life
 * @param invitationLifetime how long an invitation can be redeemed
 */
public record IdentityLimits(
    int tokensMax, Duration tokenLifetimeMax, Duration invitationLifetime) {
  public static final IdentityLimits DEFAULT =
      new IdentityLimits(100_000, Duration.ofDays(365), Duration.ofHours(24));

  public IdentityLimits {
    if (tokensMax < 1 || !tokenLifetimeMax.isPositive() || !invitationLifetime.isPositive()) {
      throw new IllegalArgumentException(
          "identity limits: %d tokens, %s, %s (expected: at least 1, and times > 0)"
              .formatted(tokensMax, tokenLifetimeMax, invitationLifetime));
    }
  }
}
