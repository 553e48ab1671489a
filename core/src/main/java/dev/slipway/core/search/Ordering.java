package dev.slipway.core.search;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/**
 * One term of an order: {@code metrics.loss ASC}.
 *
 * @param entity what stands before the first dot; empty where there is none
 */
public record Ordering(String entity, String key, boolean ascending) {
  /**
   * Reads a key that {@code ASC} or {@code DESC} may follow; ascending if none does.
   *
   * @throws SlipwayException BAD_REQUEST
   */
  public static Ordering parse(String text) {
    FilterScanner scanner = new FilterScanner("order_by", text);
    FilterScanner.Identifier identifier = scanner.identifier();
    boolean descending = scanner.word("DESC");
    if (!descending) {
      scanner.word("ASC");
    }
    if (!scanner.atEnd()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "order_by: '%s' (expected: KEY, KEY ASC or KEY DESC)".formatted(text));
    }
    return new Ordering(identifier.entity(), identifier.key(), !descending);
  }
}
