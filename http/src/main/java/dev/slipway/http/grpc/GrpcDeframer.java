package dev.slipway.http.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a gRPC byte stream into messages: a flag byte, a big-endian u32 length, the message. A
 * message that arrives in one piece is not copied. Belongs to its event loop.
 */
final class GrpcDeframer {
  static final int PREFIX_BYTES = 5;
  private static final byte[] NONE = {};

  private final ContentCoding coding;
  private final int messageBytesMax;
  private final BodyMemory memory;
  private final LimitHits hits;

  private byte[] buffer = NONE;
  private int start;
  private int end;
  private boolean owned;
  private int taken;
  private boolean compressed;

  /**
   * @param coding of the messages whose flag says that they are compressed
   */
  GrpcDeframer(ContentCoding coding, int messageBytesMax, BodyMemory memory, LimitHits hits) {
    this.coding = coding;
    this.messageBytesMax = messageBytesMax;
    this.memory = memory;
    this.hits = hits;
  }

  /**
   * Adds what has arrived.
   *
   * @throws SlipwayException MEMORY_EXHAUSTED past the limit of all bodies together
   */
  void add(Bytes chunk) {
    if (!memory.tryTake(chunk.length())) {
      hits.count(Limit.BUFFERED_BYTES);
      throw new SlipwayException(
          ErrorCode.MEMORY_EXHAUSTED, "message: too many bytes are being received already");
    }
    taken += chunk.length();
    if (start == end) {
      buffer = chunk.array();
      start = chunk.offset();
      end = start + chunk.length();
      owned = false;
      return;
    }
    int held = end - start;
    if (!owned || buffer.length - end < chunk.length()) {
      long needed = (long) held + chunk.length();
      long capacity = Math.max(needed, Math.min(2L * held, PREFIX_BYTES + (long) messageBytesMax));
      byte[] grown = new byte[(int) Math.min(capacity, Integer.MAX_VALUE - 8)];
      System.arraycopy(buffer, start, grown, 0, held);
      buffer = grown;
      start = 0;
      end = held;
      owned = true;
    }
    System.arraycopy(chunk.array(), chunk.offset(), buffer, end, chunk.length());
    end += chunk.length();
  }

  /**
   * The next whole message as it was sent, or null if it has not arrived yet.
   *
   * @throws SlipwayException PAYLOAD_TOO_LARGE past a limit, BAD_REQUEST if the bytes are no gRPC
   *     message
   */
  @Nullable Bytes next() {
    if (end - start < PREFIX_BYTES) {
      return null;
    }
    int flag = buffer[start];
    long length =
        (buffer[start + 1] & 0xffL) << 24
            | (buffer[start + 2] & 0xffL) << 16
            | (buffer[start + 3] & 0xffL) << 8
            | (buffer[start + 4] & 0xffL);
    if (flag != 0 && flag != 1) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "message flag: %d (expected: 0 or 1)".formatted(flag & 0xff));
    }
    if (flag == 1 && coding == ContentCoding.IDENTITY) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "message flag: 1 (expected: 0 without a grpc-encoding)");
    }
    if (length > messageBytesMax) {
      hits.count(Limit.BODY_BYTES);
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "message: %d bytes (expected: at most %d)".formatted(length, messageBytesMax));
    }
    int messageLength = (int) length;
    if (end - start - PREFIX_BYTES < messageLength) {
      return null;
    }
    Bytes message = new Bytes(buffer, start + PREFIX_BYTES, messageLength);
    start += PREFIX_BYTES + messageLength;
    giveBack(PREFIX_BYTES + messageLength);
    if (owned) {
      // The message keeps this array; what follows it moves to one of its own.
      buffer = start == end ? NONE : Arrays.copyOfRange(buffer, start, end);
      end -= start;
      start = 0;
    }
    compressed = flag == 1;
    return message;
  }

  /** Whether the message that {@link #next} gave last is compressed. */
  boolean isCompressed() {
    return compressed;
  }

  /** Whether a part of a message has arrived and its rest has not. */
  boolean isInMessage() {
    return end > start;
  }

  /** Forgets what has arrived. */
  void discard() {
    giveBack(taken);
    buffer = NONE;
    start = 0;
    end = 0;
  }

  private void giveBack(int bytes) {
    int count = Math.min(bytes, taken);
    memory.giveBack(count);
    taken -= count;
  }
}
