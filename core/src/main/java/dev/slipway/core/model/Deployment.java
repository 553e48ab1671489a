package dev.slipway.core.model;

import java.time.Instant;

/**
 * A named endpoint that serves one registered model.
 *
 * @param name what clients address as the V2 model name
 * @param current version number that serves
 * @param previous version number that served before; 0 means none. Undo swaps it with {@code
 *     current}, so that a second undo is a redo
 * @param revision counts the changes of this deployment from 1
 */
public record Deployment(
    String name, String model, int current, int previous, long revision, Instant changedAt) {
  public ModelRef currentRef() {
    return new ModelRef(model, current);
  }
}
