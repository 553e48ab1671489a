package dev.slipway.core.search;

import java.util.List;

/**
 * One condition of a filter: {@code metrics.loss < 0.1}.
 *
 * @param entity what stands before the first dot; empty where there is none
 * @param key what is compared
 * @param operand what it is compared with
 */
public record Clause(String entity, String key, Comparison comparison, Operand operand) {
  /** What a key is compared with. */
  public sealed interface Operand {
    /** A quoted text. */
    record Text(String value) implements Operand {}

    /** A number, finite. */
    record Quantity(double value) implements Operand {}

    /** Quoted texts in parentheses, at least one. */
    record Texts(List<String> values) implements Operand {
      public Texts {
        values = List.copyOf(values);
      }
    }

    /** Nothing, where the comparison needs nothing. */
    record Nothing() implements Operand {}
  }

  /** The key as it is written in a filter. */
  public String identifier() {
    return entity.isEmpty() ? key : entity + "." + key;
  }
}
