package dev.slipway.protocol.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;

/**
 * Reads the elements of an {@code InferTensorContents}, packed or one by one, into a buffer. Only
 * the field of the input's datatype may hold any.
 */
final class ContentsReader {
  private static final String[] FIELDS = {
    "",
    "bool_contents",
    "int_contents",
    "int64_contents",
    "uint_contents",
    "uint64_contents",
    "fp32_contents",
    "fp64_contents",
    "bytes_contents"
  };

  private final ProtoReader proto;
  private final TensorIntake intake;
  private final TensorPath path;

  ContentsReader(ProtoReader proto, TensorIntake intake, TensorPath path) {
    this.proto = proto;
    this.intake = intake;
    this.path = path;
  }

  /** Number of the field that elements of that datatype travel in; 0 if there is none. */
  static int fieldOf(DataType datatype) {
    return switch (datatype) {
      case BOOL -> 1;
      case INT8, INT16, INT32 -> 2;
      case INT64 -> 3;
      case UINT8, UINT16, UINT32 -> 4;
      case UINT64 -> 5;
      case FP32 -> 6;
      case FP64 -> 7;
      case BYTES -> 8;
      case FP16, BF16 -> 0;
    };
  }

  private static int wireTypeOf(DataType datatype) {
    return switch (datatype) {
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> ProtoReader.VARINT;
      case FP32 -> ProtoReader.FIXED32;
      case FP64 -> ProtoReader.FIXED64;
      case BYTES, FP16, BF16 -> ProtoReader.DELIMITED;
    };
  }

  /**
   * @param count elements that the shape wants, checked against the limits
   */
  ByteBuffer read(InputDraft input, long count) {
    DataType datatype = input.datatype;
    if (fieldOf(datatype) == 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: typed contents of %s (expected: raw_input_contents, the only form for it)"
              .formatted(path.of(""), datatype));
    }
    // Every element takes a byte at least, so that a shape alone takes no memory.
    if (count > input.contentsLength) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: at most %d elements (expected: %d, shape %s)"
              .formatted(path.content(), input.contentsLength, count, input.shape()));
    }
    if (datatype == DataType.BYTES) {
      return readStrings(input, count);
    }
    ByteBuffer target = intake.take(intake.fixedBytes(path, datatype, count));
    int found = 0;
    int outer = open(input);
    while (proto.nextField()) {
      found = readField(datatype, target, found, (int) count);
    }
    proto.leave(outer);
    requireCount(input, found, count);
    return target;
  }

  private int open(InputDraft input) {
    int from = input.contentsAt == InputDraft.ABSENT ? proto.position() : input.contentsAt;
    return proto.enter(from, input.contentsLength);
  }

  private int readField(DataType datatype, ByteBuffer target, int found, int count) {
    int field = proto.field();
    if (field >= FIELDS.length) {
      proto.skipField();
      return found;
    }
    if (field == fieldOf(datatype) && proto.wireType() == wireTypeOf(datatype)) {
      readElement(datatype, target, found, count);
      return found + 1;
    }
    if (proto.wireType() != ProtoReader.DELIMITED || field != fieldOf(datatype)) {
      return skipOther(datatype, found);
    }
    int length = proto.readLength();
    if (datatype == DataType.FP32 || datatype == DataType.FP64) {
      return copyFixed(datatype, target, found, count, length);
    }
    int outer = proto.enter(proto.position(), length);
    int index = found;
    while (proto.remaining() > 0) {
      readElement(datatype, target, index++, count);
    }
    proto.leave(outer);
    return index;
  }

  /** Packed floating-point elements lie on the wire as they lie in the buffer. */
  private int copyFixed(DataType datatype, ByteBuffer target, int found, int count, int length) {
    int size = datatype.byteSize();
    int elements = length / size;
    if (elements * size != length) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d bytes (expected: a multiple of %d)".formatted(path.content(), length, size));
    }
    requireRoom(found + (long) elements, count);
    target.put(found * size, proto.data(), proto.position(), length);
    proto.skip(length);
    return found + elements;
  }

  private int skipOther(DataType datatype, int found) {
    boolean empty = proto.wireType() == ProtoReader.DELIMITED && isEmptyPacked();
    if (!empty) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s (expected: %s for %s)"
              .formatted(
                  path.content(), FIELDS[proto.field()], FIELDS[fieldOf(datatype)], datatype));
    }
    return found;
  }

  private boolean isEmptyPacked() {
    int field = proto.field();
    int length = proto.readLength();
    proto.skip(length);
    // An empty string is an element; an empty list of numbers is not.
    return length == 0 && field != 8;
  }

  private void readElement(DataType datatype, ByteBuffer target, int index, int count) {
    requireRoom(index + 1L, count);
    switch (datatype) {
      case BOOL -> target.put(index, (byte) (proto.readVarint() != 0 ? 1 : 0));
      case INT8 -> target.put(index, (byte) readRanged(-128, 127, index, datatype));
      case INT16 -> target.putShort(index << 1, (short) readRanged(-32768, 32767, index, datatype));
      case INT32 -> target.putInt(index << 2, (int) proto.readVarint());
      case INT64, UINT64 -> target.putLong(index << 3, proto.readVarint());
      case UINT8 -> target.put(index, (byte) readRanged(0, 255, index, datatype));
      case UINT16 -> target.putShort(index << 1, (short) readRanged(0, 65535, index, datatype));
      case UINT32 -> target.putInt(index << 2, (int) proto.readVarint());
      case FP32 -> target.putInt(index << 2, proto.readFixed32());
      case FP64 -> target.putLong(index << 3, proto.readFixed64());
      case FP16, BF16, BYTES ->
          throw new IllegalStateException(datatype + " (expected: a datatype of one typed field)");
    }
  }

  /** An element of a narrow type, which travels as one of 32 bits. */
  private long readRanged(long min, long max, int index, DataType datatype) {
    int bits = (int) proto.readVarint();
    long value = min < 0 ? bits : Integer.toUnsignedLong(bits);
    if (value < min || value > max) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d (expected: %s, %d..%d)"
              .formatted(path.element(index), value, datatype, min, max));
    }
    return value;
  }

  private ByteBuffer readStrings(InputDraft input, long count) {
    long bytes = 0;
    long found = 0;
    int outer = open(input);
    while (proto.nextField()) {
      if (proto.is(8, ProtoReader.DELIMITED)) {
        int length = proto.readLength();
        intake.checkStringBytes(path, found, length);
        proto.skip(length);
        bytes += 4L + length;
        found++;
      } else if (proto.field() < FIELDS.length) {
        skipOther(DataType.BYTES, 0);
      } else {
        proto.skipField();
      }
    }
    proto.leave(outer);
    requireCount(input, found, count);
    intake.checkBinarySize(path, DataType.BYTES, input.shape(), count, bytes);
    ByteBuffer target = intake.take((int) bytes);
    int to = 0;
    outer = open(input);
    while (proto.nextField()) {
      if (proto.is(8, ProtoReader.DELIMITED)) {
        int length = proto.readLength();
        target.putInt(to, length);
        target.put(to + 4, proto.data(), proto.position(), length);
        proto.skip(length);
        to += 4 + length;
      } else {
        proto.skipField();
      }
    }
    proto.leave(outer);
    return target;
  }

  private void requireRoom(long elements, int count) {
    if (elements > count) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d or more elements (expected: %d)".formatted(path.content(), elements, count));
    }
  }

  private void requireCount(InputDraft input, long found, long count) {
    if (found != count) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d elements (expected: %d, shape %s)"
              .formatted(path.content(), found, count, input.shape()));
    }
  }
}
