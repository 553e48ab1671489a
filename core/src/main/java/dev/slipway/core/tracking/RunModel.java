package dev.slipway.core.tracking;

/**
 * A logged model that a run read or made.
 *
 * @param step of the run; 0 for what it read
 */
public record RunModel(Direction direction, String modelId, long step) {
  /** Whether it was read or made. */
  public enum Direction {
    INPUT,
    OUTPUT
  }
}
