package dev.slipway.http.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** A time in a query. */
final class QueryTime {
  private QueryTime() {}

  /**
   * @param name of the parameter
   * @throws SlipwayException BAD_REQUEST if it is none of ISO 8601 with a zone
   */
  static Instant of(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: '%s' (expected: such as 2026-05-03T14:03:00Z)".formatted(name, text),
          e);
    }
  }
}
