package dev.slipway.core.drift.cell;

/**
 * Where a monitored value stands in a request or its answer.
 *
 * @param tensor name in the signature
 * @param column place of the value in a row of the tensor, from 0
 */
public record FieldPlace(Side side, String tensor, int column) {
  /** What a caller sends, or what the model says. */
  public enum Side {
    INPUT,
    OUTPUT
  }

  public FieldPlace {
    if (column < 0) {
      throw new IllegalArgumentException("column: %d (expected: >= 0)".formatted(column));
    }
  }
}
