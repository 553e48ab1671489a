package dev.slipway.store.control;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Name of the copy that is made before a migration. */
final class CopyName {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  private CopyName() {}

  static String of(int version, Instant now, String ending) {
    return "control-schema-%d-%s.%s".formatted(version, TIME.format(now), ending);
  }
}
