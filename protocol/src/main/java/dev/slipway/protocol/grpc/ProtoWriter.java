package dev.slipway.protocol.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.protocol.json.ByteSink;
import java.nio.ByteBuffer;

/** Writes protobuf fields whose sizes the caller knows. Fields of default value are left out. */
final class ProtoWriter {
  private static final int VARINT_BYTES_MAX = 10;

  private ByteSink sink = new ByteSink(1, 1);

  void reset(ByteSink target) {
    sink = target;
  }

  static int varintBytes(long value) {
    // Seven bits a byte: (9 * bits + 64) / 64 is bits / 7, rounded up, for 1 to 64 bits.
    return (9 * (64 - Long.numberOfLeadingZeros(value | 1)) + 64) >>> 6;
  }

  /** Bytes of a field that holds {@code length} bytes, tag and length included. */
  static long delimitedBytes(int field, long length) {
    return varintBytes((long) field << 3) + varintBytes(length) + length;
  }

  /** Bytes of a string's field; 0 if it is empty. */
  static long stringBytes(int field, String text) {
    return text.isEmpty() ? 0 : delimitedBytes(field, utf8Bytes(text));
  }

  private static int utf8Bytes(String text) {
    return isAscii(text) ? text.length() : text.getBytes(UTF_8).length;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  void varint(long value) {
    byte[] target = sink.reserve(VARINT_BYTES_MAX);
    int from = sink.length();
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    sink.advance(at - from);
  }

  /** Starts a field of {@code length} bytes, which the caller writes next. */
  void delimited(int field, long length) {
    varint((long) field << 3 | ProtoReader.DELIMITED);
    varint(length);
  }

  void string(int field, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (isAscii(text)) {
      delimited(field, text.length());
      sink.putAscii(text);
    } else {
      byte[] encoded = text.getBytes(UTF_8);
      delimited(field, encoded.length);
      sink.put(encoded);
    }
  }

  void bytes(ByteBuffer source, int offset, int count) {
    sink.put(source, offset, count);
  }
}
