package dev.slipway.protocol.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.protocol.json.NameCache;
import dev.slipway.protocol.json.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A cursor over a protobuf message that the caller steers. A message within a message is read by
 * {@link #enter} and {@link #leave}; nothing past its end is ever looked at. Errors are
 * BAD_REQUEST. Not thread-safe.
 */
final class ProtoReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int DELIMITED = 2;
  static final int FIXED32 = 5;
  private static final int GROUP_START = 3;
  private static final int GROUP_END = 4;
  private static final int DEPTH_MAX = 32;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int nameBytesMax;
  private final byte[] text;
  private final NameCache names = new NameCache();

  private ByteBuffer data = NOTHING;
  private int start;
  private int at;
  private int end;
  private int tag;

  ProtoReader(int nameBytesMax) {
    this.nameBytesMax = nameBytesMax;
    this.text = new byte[nameBytesMax];
  }

  /** Starts at the position of {@code message}, which is not moved, up to its limit. */
  void reset(ByteBuffer message) {
    // A view of its own, as the order of the caller's is not ours to set.
    data = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    start = message.position();
    at = start;
    end = message.limit();
  }

  void release() {
    data = NOTHING;
    start = 0;
    at = 0;
    end = 0;
  }

  ByteBuffer data() {
    return data;
  }

  int position() {
    return at;
  }

  void position(int position) {
    at = position;
  }

  int remaining() {
    return end - at;
  }

  /**
   * Reads the next field's tag.
   *
   * @return whether there is one before the end of the message
   */
  boolean nextField() {
    if (at == end) {
      return false;
    }
    long read = readVarint();
    if (read > 0xffff_ffffL || read < 0 || read >>> 3 == 0) {
      throw malformed("tag " + Long.toUnsignedString(read) + " (expected: a field number >= 1)");
    }
    tag = (int) read;
    return true;
  }

  int field() {
    return tag >>> 3;
  }

  int wireType() {
    return tag & 7;
  }

  /** Whether the field has that number and wire type; another wire type makes it unknown. */
  boolean is(int field, int wireType) {
    return tag == (field << 3 | wireType);
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw malformed("end of message in a number (expected: more bytes)");
      }
      byte b = data.get(at++);
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than 10 bytes (expected: at most 10)");
  }

  int readFixed32() {
    require(4);
    int value = data.getInt(at);
    at += 4;
    return value;
  }

  long readFixed64() {
    require(8);
    long value = data.getLong(at);
    at += 8;
    return value;
  }

  /**
   * Reads a length and checks that so many bytes are there; the cursor then stands at the first.
   */
  int readLength() {
    long length = readVarint();
    if (length < 0 || length > end - at) {
      throw malformed(
          "length %s (expected: at most the %d bytes left)"
              .formatted(Long.toUnsignedString(length), end - at));
    }
    return (int) length;
  }

  void skip(int bytes) {
    require(bytes);
    at += bytes;
  }

  /**
   * Reads a length and confines the cursor to that many bytes.
   *
   * @return the end of the message around, for {@link #leave}
   */
  int enter() {
    int length = readLength();
    int outer = end;
    end = at + length;
    return outer;
  }

  /** Confines the cursor to bytes read before. */
  int enter(int from, int length) {
    int outer = end;
    at = from;
    end = from + length;
    return outer;
  }

  void leave(int outer) {
    at = end;
    end = outer;
  }

  /** A string that is likely to come again. */
  String readName(String field) {
    int length = readText(field);
    return names.name(text, 0, length);
  }

  /** A string that is not likely to come again. */
  String readString(String field) {
    int length = readText(field);
    return new String(text, 0, length, UTF_8);
  }

  /** Reads a string into {@link #text}. */
  private int readText(String field) {
    int length = readLength();
    if (length > nameBytesMax) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d bytes (expected: at most %d)".formatted(field, length, nameBytesMax));
    }
    data.get(at, text, 0, length);
    if (!Utf8.isValid(text, 0, length)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, field + ": bytes that are no UTF-8 (expected: text)");
    }
    at += length;
    return length;
  }

  void skipField() {
    skipField(0);
  }

  private void skipField(int depth) {
    switch (wireType()) {
      case VARINT -> readVarint();
      case FIXED64 -> skip(8);
      case DELIMITED -> skip(readLength());
      case FIXED32 -> skip(4);
      case GROUP_START -> skipGroup(depth);
      default -> throw malformed("wire type " + wireType() + " (expected: 0..3 or 5)");
    }
  }

  private void skipGroup(int depth) {
    if (depth == DEPTH_MAX) {
      throw malformed("groups deeper than %d (expected: fewer)".formatted(DEPTH_MAX));
    }
    int field = field();
    while (nextField()) {
      if (wireType() == GROUP_END) {
        if (field() != field) {
          break;
        }
        return;
      }
      skipField(depth + 1);
    }
    throw malformed("an open group (expected: its end)");
  }

  private void require(int bytes) {
    if (bytes > end - at) {
      throw malformed(
          "%d bytes left in the message (expected: at least %d)".formatted(end - at, bytes));
    }
  }

  SlipwayException malformed(String what) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "ModelInferRequest: byte %d: %s".formatted(at - start, what));
  }
}
