package dev.slipway.core.protobuf;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one protobuf message, without a schema and without copying: a message within
 * it is a reader over a part of the same bytes.
 *
 * <p>Use: {@code while (reader.next()) switch (reader.field()) ...}; a field that no getter took is
 * skipped. Every method throws SlipwayException MODEL_INVALID where the bytes are no such message.
 */
public final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private final ByteBuffer in;
  private int field;
  private int wireType;
  private boolean taken = true;

  public ProtoReader(ByteBuffer bytes) {
    this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Moves to the next field; false at the end of the message. */
  public boolean next() {
    if (!taken) {
      skip();
    }
    if (!in.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag < 0 || tag > 0xffffffffL || field == 0) {
      throw invalid("field tag %d".formatted(tag));
    }
    taken = false;
    return true;
  }

  public int field() {
    return field;
  }

  public long integer() {
    expect(VARINT);
    return varint();
  }

  public float float32() {
    expect(FIXED_32);
    try {
      return in.getFloat();
    } catch (BufferUnderflowException e) {
      throw truncated();
    }
  }

  public String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  public ProtoReader message() {
    return new ProtoReader(bytes());
  }

  public ByteBuffer bytes() {
    expect(BYTES);
    return chunk();
  }

  /** One element, or a packed run of them, of a repeated integer field. */
  public void integers(LongList list) {
    if (wireType != BYTES) {
      list.add(integer());
      return;
    }
    ProtoReader packed = message();
    while (packed.in.hasRemaining()) {
      list.add(packed.varint());
    }
  }

  /** One element, or a packed run of them, of a repeated FP32 field. */
  public void floats(DoubleList list) {
    if (wireType != BYTES) {
      list.add(float32());
      return;
    }
    ByteBuffer packed = bytes();
    requireWhole(packed, 4);
    while (packed.hasRemaining()) {
      list.add(packed.getFloat());
    }
  }

  /** One element, or a packed run of them, of a repeated FP64 field. */
  public void doubles(DoubleList list) {
    if (wireType == FIXED_64) {
      taken = true;
      list.add(Double.longBitsToDouble(fixed64()));
      return;
    }
    ByteBuffer packed = bytes();
    requireWhole(packed, 8);
    while (packed.hasRemaining()) {
      list.add(packed.getDouble());
    }
  }

  private void requireWhole(ByteBuffer packed, int bytesEach) {
    if (packed.remaining() % bytesEach != 0) {
      throw invalid(
          "field %d: %d bytes (expected: a multiple of %d)"
              .formatted(field, packed.remaining(), bytesEach));
    }
  }

  private void expect(int expected) {
    if (wireType != expected) {
      throw invalid("field %d: wire type %d (expected: %d)".formatted(field, wireType, expected));
    }
    taken = true;
  }

  private void skip() {
    taken = true;
    switch (wireType) {
      case VARINT -> varint();
      case FIXED_64 -> fixed64();
      case BYTES -> chunk();
      case FIXED_32 -> float32AsIs();
      default -> throw invalid("field %d: wire type %d".formatted(field, wireType));
    }
  }

  private void float32AsIs() {
    if (in.remaining() < 4) {
      throw truncated();
    }
    in.getInt();
  }

  private long fixed64() {
    if (in.remaining() < 8) {
      throw truncated();
    }
    return in.getLong();
  }

  private ByteBuffer chunk() {
    long length = varint();
    if (length < 0 || length > in.remaining()) {
      throw invalid(
          ("field %d: length %d (expected: at most the %d bytes left; the file is truncated or"
                  + " corrupt)")
              .formatted(field, length, in.remaining()));
    }
    ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return part;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!in.hasRemaining()) {
        throw truncated();
      }
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw invalid("a varint longer than 10 bytes");
  }

  private SlipwayException truncated() {
    return invalid("end of message inside a field (the file is truncated or corrupt)");
  }

  private SlipwayException invalid(String message) {
    return new SlipwayException(
        ErrorCode.MODEL_INVALID,
        "protobuf: offset %d of a message: %s".formatted(in.position(), message));
  }

  /** A growing list of longs. */
  public static final class LongList {
    private long[] values = new long[4];
    private int size;

    public void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    public long[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  /** A growing list of doubles. */
  public static final class DoubleList {
    private double[] values = new double[4];
    private int size;

    public void add(double value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    public double[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
