package dev.slipway.protocol.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.json.JsonReader;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the JSON array of a tensor's elements, flat or nested as its shape, into a buffer. Numbers
 * go straight into the buffer; strings go through one scratch array, as their length is not known
 * before.
 */
final class TensorDataReader {
  private static final byte[] NAN = {'N', 'a', 'N'};
  private static final byte[] INFINITY = {'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};
  private static final byte[] NEGATIVE_INFINITY = {'-', 'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);

  private final JsonReader json;
  private final TensorIntake intake;
  private final ByteSink strings = new ByteSink();

  private TensorPath path;
  private DataType datatype = DataType.FP32;
  private Shape shape = Shape.of();
  private ByteBuffer buffer = NONE;
  private boolean nonFinite;

  /** Element that messages count from. */
  private int origin;

  TensorDataReader(JsonReader json, TensorIntake intake, TensorPath path) {
    this.json = json;
    this.intake = intake;
    this.path = path;
  }

  /** Whether a string "NaN", "Infinity" or "-Infinity" was read since {@link #reset}. */
  boolean sawNonFinite() {
    return nonFinite;
  }

  void reset() {
    nonFinite = false;
    buffer = NONE;
    origin = 0;
  }

  /**
   * Reads the array at the cursor.
   *
   * @param elements product of the shape, checked against the limits
   * @return a buffer of the tensor's bytes, taken from the intake
   */
  ByteBuffer read(TensorPath where, DataType type, Shape tensorShape, long elements) {
    path = where;
    datatype = type;
    shape = tensorShape;
    expectArray();
    // Each element takes at least a digit and a comma: a shape cannot make us take memory for
    // elements that have not arrived.
    if (elements > (json.remaining() + 1) / 2) {
      throw tooFew(countHere(), elements);
    }
    if (type == DataType.BYTES) {
      strings.reset();
      readArray(elements);
      return finish();
    } else {
      buffer = intake.take(intake.fixedBytes(where, type, elements));
      readArray(elements);
    }
    return buffer;
  }

  /**
   * Starts a tensor whose rows come one by one, each with {@link #readRow}.
   *
   * @param elements product of the shape, checked against the limits and against what has arrived
   */
  void begin(TensorPath where, DataType type, Shape tensorShape, long elements) {
    path = where;
    datatype = type;
    shape = tensorShape;
    strings.reset();
    if (type != DataType.BYTES) {
      buffer = intake.take(intake.fixedBytes(where, type, elements));
    }
  }

  /** Reads the value at the cursor as one row: an element where the shape has one dimension. */
  void readRow(int row) {
    int first = Math.toIntExact(row * shape.elementsPerRow());
    origin = first;
    if (shape.rank() == 1) {
      readElement(first);
    } else {
      expectArray();
      readNested(1, first);
    }
    origin = 0;
  }

  /** The tensor of all rows. */
  ByteBuffer finish() {
    if (datatype == DataType.BYTES) {
      buffer = intake.take(strings.length());
      buffer.put(0, strings.array(), 0, strings.length());
    }
    return buffer;
  }

  private void expectArray() {
    if (!json.consume('[')) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s (expected: an array)".formatted(path.content(), json.valueText()));
    }
  }

  private void readArray(long elements) {
    if (shape.rank() > 1 && json.peek() == '[') {
      readNested(0, 0);
    } else {
      readRow(0, (int) elements, false);
    }
  }

  /** Reads the rest of an array of dimension {@code level}, whose bracket is consumed. */
  private int readNested(int level, int first) {
    int index = first;
    long length = shape.dimension(level);
    if (level == shape.rank() - 1) {
      readRow(index, (int) length, true);
      return index + (int) length;
    }
    long read = 0;
    if (!json.consume(']')) {
      do {
        if (read == length) {
          throw misshapen(read + 1, true, length, index);
        }
        json.expect('[');
        index = readNested(level + 1, index);
        read++;
      } while (json.next(']'));
    }
    if (read != length) {
      throw misshapen(read, false, length, index);
    }
    return index;
  }

  private void readRow(int first, int count, boolean nested) {
    int index = first;
    int last = first + count;
    if (count == 0) {
      if (!json.consume(']')) {
        throw wrongCount(1, true, 0, index, nested);
      }
      return;
    }
    if (json.consume(']')) {
      throw wrongCount(0, false, count, index, nested);
    }
    while (true) {
      if (datatype == DataType.FP32) {
        // The last one is left, as what follows it is no comma.
        index = json.readPlainFloats(buffer, index, last - 1);
      }
      readElement(index);
      index++;
      if (!json.next(']')) {
        if (index != last) {
          throw wrongCount(index - first, false, count, index, nested);
        }
        return;
      }
      if (index == last) {
        throw wrongCount(count + 1L, true, count, index, nested);
      }
    }
  }

  private void readElement(int index) {
    switch (datatype) {
      case FP32 -> buffer.putFloat(index << 2, readFloat(index));
      case FP64 -> buffer.putDouble(index << 3, readDouble(index));
      case FP16 -> buffer.putShort(index << 1, readHalf(index));
      case BF16 -> buffer.putShort(index << 1, readBfloat(index));
      case INT8 -> buffer.put(index, (byte) readSigned(index, 8));
      case INT16 -> buffer.putShort(index << 1, (short) readSigned(index, 16));
      case INT32 -> buffer.putInt(index << 2, (int) readSigned(index, 32));
      case INT64 -> buffer.putLong(index << 3, readSigned(index, 64));
      case UINT8 -> buffer.put(index, (byte) readUnsigned(index, 8));
      case UINT16 -> buffer.putShort(index << 1, (short) readUnsigned(index, 16));
      case UINT32 -> buffer.putInt(index << 2, (int) readUnsigned(index, 32));
      case UINT64 -> buffer.putLong(index << 3, readUnsigned(index, 64));
      case BOOL -> buffer.put(index, (byte) (readBool(index) ? 1 : 0));
      case BYTES -> readString(index);
    }
  }

  // ---- elements

  private float readFloat(int index) {
    int c = json.peek();
    if (c == '"') {
      return (float) readNonFinite(index);
    }
    requireNumber(c, index);
    json.scanNumber();
    float value = json.floatValue();
    if (Float.isInfinite(value)) {
      throw beyond(index, "+-3.4028235E38");
    }
    return value;
  }

  private double readDouble(int index) {
    int c = json.peek();
    if (c == '"') {
      return readNonFinite(index);
    }
    requireNumber(c, index);
    json.scanNumber();
    double value = json.doubleValue();
    if (Double.isInfinite(value)) {
      throw beyond(index, "+-1.7976931348623157E308");
    }
    return value;
  }

  private short readHalf(int index) {
    int c = json.peek();
    if (c == '"') {
      return Float.floatToFloat16((float) readNonFinite(index));
    }
    requireNumber(c, index);
    json.scanNumber();
    short bits = json.float16Bits();
    if ((bits & 0x7c00) == 0x7c00) {
      throw beyond(index, "+-65504");
    }
    return bits;
  }

  private short readBfloat(int index) {
    int c = json.peek();
    if (c == '"') {
      return (short) (Float.floatToRawIntBits((float) readNonFinite(index)) >>> 16);
    }
    requireNumber(c, index);
    json.scanNumber();
    short bits = json.bfloat16Bits();
    if ((bits & 0x7f80) == 0x7f80) {
      throw beyond(index, "+-3.3895314E38");
    }
    return bits;
  }

  private double readNonFinite(int index) {
    int from = json.position();
    json.scanString();
    double value;
    if (json.textEquals(NAN)) {
      value = Double.NaN;
    } else if (json.textEquals(INFINITY)) {
      value = Double.POSITIVE_INFINITY;
    } else if (json.textEquals(NEGATIVE_INFINITY)) {
      value = Double.NEGATIVE_INFINITY;
    } else {
      json.position(from);
      throw mismatch(index, "a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
    }
    nonFinite = true;
    return value;
  }

  private long readSigned(int index, int bits) {
    requireNumber(json.peek(), index);
    json.scanNumber();
    long max = -1L >>> (65 - bits);
    if (json.isIntegral() && json.hasMagnitude()) {
      long magnitude = json.magnitude();
      if (Long.compareUnsigned(magnitude, max) <= 0) {
        return json.isNegative() ? -magnitude : magnitude;
      }
      if (json.isNegative() && magnitude == max + 1) {
        return -magnitude;
      }
    }
    throw outOfRange(index, Long.toString(-max - 1), Long.toString(max));
  }

  private long readUnsigned(int index, int bits) {
    requireNumber(json.peek(), index);
    json.scanNumber();
    long max = -1L >>> (64 - bits);
    if (json.isIntegral() && json.hasMagnitude()) {
      long magnitude = json.magnitude();
      if (magnitude == 0 || (!json.isNegative() && Long.compareUnsigned(magnitude, max) <= 0)) {
        return magnitude;
      }
    }
    throw outOfRange(index, "0", Long.toUnsignedString(max));
  }

  private boolean readBool(int index) {
    int c = json.peek();
    if (c != 't' && c != 'f') {
      throw mismatch(index, "true or false");
    }
    return json.readBoolean();
  }

  private void readString(int index) {
    if (json.peek() != '"') {
      throw mismatch(index, "a string");
    }
    json.scanString();
    int bytesMax = json.textBytesMax();
    byte[] target = strings.reserve(4 + bytesMax);
    int at = strings.length();
    int length = json.copyText(target, at + 4);
    intake.checkStringBytes(path, index, length);
    target[at] = (byte) length;
    target[at + 1] = (byte) (length >>> 8);
    target[at + 2] = (byte) (length >>> 16);
    target[at + 3] = (byte) (length >>> 24);
    strings.advance(4 + length);
  }

  // ---- errors

  private void requireNumber(int c, int index) {
    if ((c < '0' || c > '9') && c != '-') {
      throw mismatch(index, "a number");
    }
  }

  private SlipwayException mismatch(int index, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: %s, %s)"
            .formatted(path.element(index - origin), json.valueText(), datatype, expected));
  }

  private SlipwayException beyond(int index, String bounds) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: %s, within %s)"
            .formatted(path.element(index - origin), json.numberText(), datatype, bounds));
  }

  private SlipwayException outOfRange(int index, String min, String max) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        json.isIntegral()
            ? "%s: %s (expected: %s, %s..%s)"
                .formatted(path.element(index - origin), json.numberText(), datatype, min, max)
            : "%s: %s (expected: %s, an integer without fraction and exponent)"
                .formatted(path.element(index - origin), json.numberText(), datatype));
  }

  private SlipwayException wrongCount(
      long found, boolean orMore, long expected, int index, boolean nested) {
    if (nested) {
      return misshapen(found, orMore, expected, index);
    }
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %d%s elements (expected: %d, shape %s)"
            .formatted(path.content(), found, orMore ? " or more" : "", expected, shape));
  }

  private SlipwayException misshapen(long found, boolean orMore, long expected, int index) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: an array of %d%s before element %d (expected: of %d, shape %s)"
            .formatted(path.content(), found, orMore ? " or more" : "", index, expected, shape));
  }

  private SlipwayException tooFew(long found, long expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %d elements (expected: %d, shape %s)"
            .formatted(path.content(), found, expected, shape));
  }

  /** Counts the scalars of the array whose bracket is consumed, and checks its form. */
  private long countHere() {
    long count = 0;
    int depth = 1;
    while (depth > 0) {
      int c = json.peek();
      if (c == '[') {
        json.consume('[');
        depth++;
        continue;
      }
      if (c == ']') {
        json.consume(']');
        depth--;
      } else {
        json.skipValue();
        count++;
      }
      while (depth > 0 && !json.consume(',')) {
        json.expect(']');
        depth--;
      }
    }
    return count;
  }
}
