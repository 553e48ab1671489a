package dev.slipway.core.drift.cell;

import java.util.Locale;

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
    OUTPUT;

    /** As it is written: {@code input}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException if there is none of that label
     */
    static Side of(String label) {
      for (Side side : values()) {
        if (side.label().equals(label)) {
          return side;
        }
      }
      throw new IllegalArgumentException("side: '%s' (expected: input or output)".formatted(label));
    }
  }

  public FieldPlace {
    if (column < 0) {
      throw new IllegalArgumentException("column: %d (expected: >= 0)".formatted(column));
    }
  }
}
