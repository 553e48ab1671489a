package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/** Numbers that never come twice. Each sequence is one row, made by the migration that needs it. */
public final class SequenceNumber {
  private SequenceNumber() {}

  /** The number that was taken last; 0 before the first. */
  static long last(SqlSession sql, String name) {
    return sql.first(
            "SELECT value FROM sequence_number WHERE name = ?", row -> row.getLong("value"), name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.STORE_CORRUPT,
                    "the row of the number '%s' is missing".formatted(name)));
  }

  /** Takes the next number. */
  public static long next(SqlSession sql, String name) {
    sql.update("UPDATE sequence_number SET value = value + 1 WHERE name = ?", name);
    return last(sql, name);
  }
}
