package dev.slipway.protocol.tensor;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.protocol.DecodeLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the buffers of one request at a time and knows them until the request is complete, so that
 * a refused request gives all of them back. Checks sizes in 64 bits before anything is taken. Not
 * thread-safe.
 */
public final class TensorIntake {
  private final BufferSource source;
  private final DecodeLimits limits;
  private final List<ByteBuffer> taken = new ArrayList<>();

  public TensorIntake(BufferSource source, DecodeLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  public DecodeLimits limits() {
    return limits;
  }

  /** A little-endian buffer of exactly that size, owned by the request that is being decoded. */
  public ByteBuffer take(int bytes) {
    ByteBuffer buffer = source.take(bytes);
    taken.add(buffer);
    return buffer;
  }

  /** The request is complete: its buffers are the caller's from now on. */
  public void complete() {
    taken.clear();
  }

  /** The request is refused: gives back every buffer taken for it. */
  public void abandon() {
    for (ByteBuffer buffer : taken) {
      source.giveBack(buffer);
    }
    taken.clear();
  }

  /**
   * Elements of a tensor of that shape.
   *
   * @throws SlipwayException BAD_REQUEST if a dimension is negative or the product overflows;
   *     PAYLOAD_TOO_LARGE past the limits
   */
  public long elementCount(TensorPath path, Shape shape) {
    if (shape.rank() > limits.tensorRankMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d dimensions (expected: at most %d)"
              .formatted(path.of("shape"), shape.rank(), limits.tensorRankMax()));
    }
    long count;
    try {
      count = shape.elementCount();
    } catch (ArithmeticException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s (expected: dimensions >= 0 whose product fits 63 bits)"
              .formatted(path.of("shape"), shape),
          e);
    }
    if (count > limits.tensorElementsMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %s, %d elements (expected: at most %d)"
              .formatted(path.of("shape"), shape, count, limits.tensorElementsMax()));
    }
    return count;
  }

  /**
   * Bytes of {@code count} elements of a datatype of fixed size.
   *
   * @throws SlipwayException PAYLOAD_TOO_LARGE if a buffer cannot hold them
   */
  public int fixedBytes(TensorPath path, DataType datatype, long count) {
    long bytes = Math.multiplyExact(count, (long) datatype.byteSize());
    if (bytes > Integer.MAX_VALUE) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d bytes (expected: at most %d)"
              .formatted(path.of("shape"), bytes, Integer.MAX_VALUE));
    }
    return (int) bytes;
  }

  /**
   * Checks, before anything is taken, that {@code bytes} of binary content can be a tensor of
   * {@code count} elements.
   *
   * @throws SlipwayException BAD_REQUEST if not
   */
  public void checkBinarySize(
      TensorPath path, DataType datatype, Shape shape, long count, long bytes) {
    if (datatype.isFixedSize()) {
      long expected = Math.multiplyExact(count, (long) datatype.byteSize());
      if (bytes != expected) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "%s: %d bytes (expected: %d, %s of shape %s)"
                .formatted(path.of(""), bytes, expected, datatype, shape));
      }
    } else if (bytes < 4 * count) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d bytes (expected: at least %d, a length for each element of shape %s)"
              .formatted(path.of(""), bytes, 4 * count, shape));
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d bytes (expected: at most %d)".formatted(path.of(""), bytes, Integer.MAX_VALUE));
    }
  }

  /**
   * Checks binary content that a caller sent as it is: BOOL bytes are 0 or 1, and the lengths of
   * BYTES elements add up to the whole.
   *
   * @param data little-endian content in {@code [0, limit)}
   * @throws SlipwayException BAD_REQUEST, or PAYLOAD_TOO_LARGE for one string past the limit
   */
  public void checkBinaryContent(TensorPath path, DataType datatype, long count, ByteBuffer data) {
    switch (datatype) {
      case BOOL -> checkBooleans(path, data);
      case BYTES -> checkStrings(path, count, data);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FP16, BF16, FP32, FP64 -> {}
    }
  }

  private static void checkBooleans(TensorPath path, ByteBuffer data) {
    for (int i = 0; i < data.limit(); i++) {
      byte value = data.get(i);
      if (value != 0 && value != 1) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "%s: %d (expected: BOOL, 0 or 1)".formatted(path.element(i), value & 0xff));
      }
    }
  }

  private void checkStrings(TensorPath path, long count, ByteBuffer data) {
    int at = 0;
    for (long i = 0; i < count; i++) {
      int left = data.limit() - at;
      if (left < 4) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "%s: %d bytes left (expected: a length of 4 bytes)".formatted(path.element(i), left));
      }
      long length = Integer.toUnsignedLong(data.getInt(at));
      if (length > left - 4) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "%s: length %d (expected: at most the %d bytes left)"
                .formatted(path.element(i), length, left - 4));
      }
      checkStringBytes(path, i, length);
      at += 4 + (int) length;
    }
    if (at != data.limit()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d bytes (expected: %d, its %d elements)"
              .formatted(path.of(""), data.limit(), at, count));
    }
  }

  /**
   * @throws SlipwayException PAYLOAD_TOO_LARGE if a string of that length is past the limit
   */
  public void checkStringBytes(TensorPath path, long element, long bytes) {
    if (bytes > limits.stringBytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: a string of %d bytes (expected: at most %d)"
              .formatted(path.element(element), bytes, limits.stringBytesMax()));
    }
  }

  /**
   * @throws SlipwayException PAYLOAD_TOO_LARGE if {@code count} tensors are past the limit
   */
  public void checkTensorCount(String list, int count) {
    if (count > limits.tensorCountMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d or more (expected: at most %d)".formatted(list, count, limits.tensorCountMax()));
    }
  }

  /**
   * @throws SlipwayException BAD_REQUEST if a name comes twice
   */
  public <T> void requireDistinctNames(String list, List<T> tensors, Function<T, String> name) {
    if (tensors.size() < 2) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (T tensor : tensors) {
      if (!names.add(name.apply(tensor))) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "%s: '%s' twice (expected: distinct names)".formatted(list, name.apply(tensor)));
      }
    }
  }
}
