package dev.slipway.protocol.json;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A byte array that grows, to be written again and again: {@link #reset} keeps the memory. Not
 * thread-safe. Readers take {@code array()[0..length())} before the next write.
 */
public final class ByteSink {
  private static final int BYTES_MAX = Integer.MAX_VALUE - 8;

  private final int retainedBytesMax;
  private byte[] bytes;
  private int length;

  public ByteSink() {
    this(1 << 10, 1 << 20);
  }

  /**
   * @param initialBytes first capacity, {@code >= 1}
   * @param retainedBytesMax capacity above which {@link #reset} lets the memory go, so that one
   *     large answer is not kept for ever
   */
  public ByteSink(int initialBytes, int retainedBytesMax) {
    this.bytes = new byte[initialBytes];
    this.retainedBytesMax = retainedBytesMax;
  }

  /** The bytes written, in {@code [0, length())}; the same array until the next write. */
  public byte[] array() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Forgets what was written. */
  public void reset() {
    if (bytes.length > retainedBytesMax) {
      bytes = new byte[Math.max(1, retainedBytesMax)];
    }
    length = 0;
  }

  /** Forgets what was written after the first {@code newLength} bytes. */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "length: %d (expected: 0..%d)".formatted(newLength, length));
    }
    length = newLength;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /**
   * Makes room, for writers that then fill {@code array()} from {@code length()} on and call {@link
   * #advance}.
   *
   * @throws SlipwayException OUTPUT_INVALID if the whole would not fit an array
   */
  public byte[] reserve(int count) {
    long needed = (long) length + count;
    if (needed > bytes.length) {
      grow(needed);
    }
    return bytes;
  }

  /** Counts {@code count} bytes, filled after {@link #reserve}, as written. */
  public void advance(int count) {
    length += count;
  }

  public void put(int value) {
    if (length == bytes.length) {
      grow(length + 1L);
    }
    bytes[length++] = (byte) value;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  public void put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** Appends bytes {@code [offset, offset + count)} of a buffer, whatever its position. */
  public void put(ByteBuffer source, int offset, int count) {
    reserve(count);
    source.get(offset, bytes, length, count);
    length += count;
  }

  /** Appends text that is known to be ASCII. */
  public void putAscii(String text) {
    int count = text.length();
    byte[] target = reserve(count);
    int at = length;
    for (int i = 0; i < count; i++) {
      target[at + i] = (byte) text.charAt(i);
    }
    length = at + count;
  }

  private void grow(long needed) {
    if (needed > BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.OUTPUT_INVALID,
          "response: %d bytes (expected: at most %d)".formatted(needed, BYTES_MAX));
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(BYTES_MAX, Math.max(needed, 2L * bytes.length)));
  }
}
