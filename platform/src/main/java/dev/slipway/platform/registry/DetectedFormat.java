package dev.slipway.platform.registry;

import dev.slipway.core.model.ArtifactFormat;

/** What a file of an artifact turned out to be. */
sealed interface DetectedFormat {
  /** A model that Slipway serves as it is. */
  record Served(ArtifactFormat format) implements DetectedFormat {}

  /**
   * A model that has to be converted first.
   *
   * @param what the format's name
   * @param mend how to come from it to one that is served
   */
  record Foreign(String what, String mend) implements DetectedFormat {}

  /** No model: weights beside one, a licence, a readme. */
  record Auxiliary() implements DetectedFormat {}
}
