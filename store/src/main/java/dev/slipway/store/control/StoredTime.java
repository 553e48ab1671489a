package dev.slipway.store.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the database keeps them: microseconds since 1970, which both dialects hold. */
public final class StoredTime {
  private StoredTime() {}

  static Instant truncate(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  public static long toMicros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  public static Instant fromMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
