package dev.slipway.serving.profile;

import java.time.Duration;

/**
 * What profiling may cost.
 *
 * @param duration aimed at for all measurements together; a slow model's single runs may go past it
 * @param batchMax largest batch measured where rows can be joined, {@code >= 1}
 * @param coresMax most threads inside a run, {@code >= 1}
 */
public record ProfileLimits(Duration duration, int batchMax, int coresMax) {
  public static final ProfileLimits DEFAULT =
      new ProfileLimits(
          Duration.ofSeconds(10), 64, Math.max(1, Runtime.getRuntime().availableProcessors()));

  public ProfileLimits {
    if (!duration.isPositive() || batchMax < 1 || coresMax < 1) {
      throw new IllegalArgumentException(
          "duration: %s, batchMax: %d, coresMax: %d (expected: > 0, >= 1, >= 1)"
              .formatted(duration, batchMax, coresMax));
    }
  }
}
