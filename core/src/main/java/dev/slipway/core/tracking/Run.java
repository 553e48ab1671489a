package dev.slipway.core.tracking;

import org.jspecify.annotations.Nullable;

/**
 * One execution of something, without what was logged in it.
 *
 * @param endMillis null while it has not ended
 */
public record Run(
    String id,
    long experimentId,
    String name,
    String userId,
    Status status,
    long startMillis,
    @Nullable Long endMillis,
    String artifactUri,
    Lifecycle lifecycle) {
  /** How it goes. */
  public enum Status {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED
  }
}
