package dev.slipway.http.call;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.serving.CallContext;
import org.jspecify.annotations.Nullable;

/** Reads until when a caller waits. */
public final class Deadline {
  private Deadline() {}

  /**
   * From a number of microseconds.
   *
   * @param header null means no deadline
   * @param arrivalNanos {@link System#nanoTime()} from which it counts
   * @return {@link System#nanoTime()} after which nobody waits, or {@link CallContext#NO_DEADLINE}
   * @throws SlipwayException BAD_REQUEST if it is no number above 0
   */
  public static long ofMicros(@Nullable String header, long arrivalNanos) {
    if (header == null) {
      return CallContext.NO_DEADLINE;
    }
    try {
      long micros = Long.parseLong(header.trim());
      if (micros > 0) {
        return after(arrivalNanos, micros, 1_000);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "X-Request-Timeout-Micros: '%s' (expected: a number of microseconds > 0)"
            .formatted(shortened(header)));
  }

  /**
   * From a {@code grpc-timeout}: up to eight digits and a unit out of {@code HMSmun}.
   *
   * @see #ofMicros
   */
  public static long ofGrpcTimeout(@Nullable String header, long arrivalNanos) {
    if (header == null) {
      return CallContext.NO_DEADLINE;
    }
    int digits = header.length() - 1;
    if (digits >= 1 && digits <= 8) {
      long amount = 0;
      boolean valid = true;
      for (int i = 0; i < digits; i++) {
        char c = header.charAt(i);
        valid &= c >= '0' && c <= '9';
        amount = amount * 10 + (c - '0');
      }
      long unitNanos = unitNanos(header.charAt(digits));
      if (valid && unitNanos > 0) {
        return after(arrivalNanos, amount, unitNanos);
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "grpc-timeout: '%s' (expected: 1 to 8 digits and one of H, M, S, m, u, n)"
            .formatted(shortened(header)));
  }

  private static long unitNanos(char unit) {
    return switch (unit) {
      case 'H' -> 3_600_000_000_000L;
      case 'M' -> 60_000_000_000L;
      case 'S' -> 1_000_000_000L;
      case 'm' -> 1_000_000L;
      case 'u' -> 1_000L;
      case 'n' -> 1L;
      default -> 0L;
    };
  }

  /** Waiting for longer than a century is waiting for ever. */
  private static long after(long arrivalNanos, long amount, long unitNanos) {
    if (amount > Long.MAX_VALUE / 4 / unitNanos) {
      return CallContext.NO_DEADLINE;
    }
    return arrivalNanos + amount * unitNanos;
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
