package dev.slipway.platform.registry;

import java.time.Duration;

/**
 * What registering may use. Sizes of artifacts are the blob store's to limit.
 *
 * @param concurrentMax registrations that copy, load and try a model at the same time; each holds a
 *     model in memory
 * @param waitMax how long one more waits for its turn before it is refused
 */
public record RegistryLimits(int concurrentMax, Duration waitMax) {
  public static final RegistryLimits DEFAULT = new RegistryLimits(2, Duration.ofSeconds(60));

  public RegistryLimits {
    if (concurrentMax < 1) {
      throw new IllegalArgumentException(
          "concurrent registrations: %d (expected: >= 1)".formatted(concurrentMax));
    }
    if (waitMax.isNegative()) {
      throw new IllegalArgumentException(
          "registration wait: %s (expected: >= 0)".formatted(waitMax));
    }
  }
}
