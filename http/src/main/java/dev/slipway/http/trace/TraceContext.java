package dev.slipway.http.trace;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A W3C trace context, version 00.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param flags 8 bits, of which the lowest says that the caller records the trace
 */
public record TraceContext(String traceId, String spanId, int flags) {
  private static final int LENGTH = 55;
  private static final int TRACE_ID_START = 3;
  private static final int SPAN_ID_START = 36;
  private static final int FLAGS_START = 53;
  private static final int SAMPLED = 1;

  /**
   * Reads a {@code traceparent} header.
   *
   * @return null if the header is absent or breaks the grammar, and then has to be ignored; of a
   *     later version, the part that version 00 defines
   */
  public static @Nullable TraceContext parse(@Nullable String header) {
    if (header == null || header.length() < LENGTH) {
      return null;
    }
    if (!isHex(header, 0, 2)
        || header.charAt(2) != '-'
        || !isHex(header, TRACE_ID_START, SPAN_ID_START - 1)
        || header.charAt(SPAN_ID_START - 1) != '-'
        || !isHex(header, SPAN_ID_START, FLAGS_START - 1)
        || header.charAt(FLAGS_START - 1) != '-'
        || !isHex(header, FLAGS_START, LENGTH)) {
      return null;
    }
    int version = HexFormat.fromHexDigits(header, 0, 2);
    if (version == 0xff
        || (version == 0 && header.length() != LENGTH)
        || (header.length() > LENGTH && header.charAt(LENGTH) != '-')) {
      return null;
    }
    if (isZero(header, TRACE_ID_START, SPAN_ID_START - 1)
        || isZero(header, SPAN_ID_START, FLAGS_START - 1)) {
      return null;
    }
    return new TraceContext(
        header.substring(TRACE_ID_START, SPAN_ID_START - 1),
        header.substring(SPAN_ID_START, FLAGS_START - 1),
        HexFormat.fromHexDigits(header, FLAGS_START, LENGTH));
  }

  /** Whether the caller records this trace. */
  public boolean isSampled() {
    return (flags & SAMPLED) != 0;
  }

  /** The same trace, continued by another span. */
  public TraceContext child(String childSpanId) {
    return new TraceContext(traceId, childSpanId, flags & SAMPLED);
  }

  /** This context as a {@code traceparent} header. */
  public String header() {
    StringBuilder text = new StringBuilder(LENGTH);
    text.append("00-").append(traceId).append('-').append(spanId).append('-');
    return HexFormat.of().toHexDigits(text, (byte) flags).toString();
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
