package dev.slipway.http.call;

import java.nio.charset.StandardCharsets;

/**
 * Writes the {@code Server-Timing} header of an inference: the four stages in milliseconds with
 * three decimals. Belongs to one event loop; not thread-safe.
 */
public final class ServerTiming {
  private static final int NUMBER_LENGTH_MAX = 24;
  private static final byte[] DECODE = ascii("decode;dur=");
  private static final byte[] QUEUE = ascii(", queue;dur=");
  private static final byte[] INFER = ascii(", infer;dur=");
  private static final byte[] ENCODE = ascii(", encode;dur=");

  private final byte[] text =
      new byte[DECODE.length + QUEUE.length + INFER.length + ENCODE.length + 4 * NUMBER_LENGTH_MAX];
  private int length;

  /** All durations in nanoseconds; negative ones count as 0. */
  public String header(long decodeNanos, long queueNanos, long inferNanos, long encodeNanos) {
    length = 0;
    put(DECODE);
    putMillis(decodeNanos);
    put(QUEUE);
    putMillis(queueNanos);
    put(INFER);
    putMillis(inferNanos);
    put(ENCODE);
    putMillis(encodeNanos);
    return new String(text, 0, length, StandardCharsets.ISO_8859_1);
  }

  private void put(byte[] part) {
    System.arraycopy(part, 0, text, length, part.length);
    length += part.length;
  }

  private void putMillis(long nanos) {
    long micros = Math.max(0, nanos) / 1_000;
    putWhole(micros / 1_000);
    int fraction = (int) (micros % 1_000);
    text[length++] = '.';
    text[length++] = (byte) ('0' + fraction / 100);
    text[length++] = (byte) ('0' + fraction / 10 % 10);
    text[length++] = (byte) ('0' + fraction % 10);
  }

  private void putWhole(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = length + digits - 1; i >= length; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private static byte[] ascii(String part) {
    return part.getBytes(StandardCharsets.US_ASCII);
  }
}
