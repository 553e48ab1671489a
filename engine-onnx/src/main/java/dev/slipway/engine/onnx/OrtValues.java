package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Looks into tensors of ONNX Runtime. Not thread-safe: it keeps the memory for the answers. */
final class OrtValues {
  private static final int RANK_MAX = 64;

  private final MemorySegment out;
  private final MemorySegment dimensions;

  OrtValues(Arena arena) {
    this.out = arena.allocate(JAVA_LONG);
    this.dimensions = arena.allocate(JAVA_LONG, RANK_MAX);
  }

  Shape shape(long value) throws OrtFailure {
    OrtApi.tensorTypeAndShape(value, out);
    long info = out.get(JAVA_LONG, 0);
    try {
      OrtApi.rank(info, out);
      int rank = Math.toIntExact(out.get(JAVA_LONG, 0));
      OrtApi.dimensions(info, dimensions, rank);
      return Shape.of(dimensions.asSlice(0, (long) rank * Long.BYTES).toArray(JAVA_LONG));
    } finally {
      OrtApi.releaseTypeAndShape(info);
    }
  }

  int elementType(long value) throws OrtFailure {
    OrtApi.tensorTypeAndShape(value, out);
    long info = out.get(JAVA_LONG, 0);
    try {
      OrtApi.elementType(info, out);
      return out.get(JAVA_INT, 0);
    } finally {
      OrtApi.releaseTypeAndShape(info);
    }
  }

  /** Where the elements of a fixed-size tensor begin. */
  long address(long value) throws OrtFailure {
    OrtApi.tensorData(value, out);
    return out.get(JAVA_LONG, 0);
  }

  /** The elements in place, without a copy: valid until the value is released. */
  ByteBuffer data(long value, long bytes) throws OrtFailure {
    return MemorySegment.ofAddress(address(value))
        .reinterpret(bytes)
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the dimensions where ONNX Runtime can read them, until the next call. */
  long write(Shape shape) {
    int rank = shape.rank();
    if (rank > RANK_MAX) {
      throw new IllegalArgumentException(
          "shape of rank %d (expected: <= %d)".formatted(rank, RANK_MAX));
    }
    for (int i = 0; i < rank; i++) {
      dimensions.setAtIndex(JAVA_LONG, i, shape.dimension(i));
    }
    return dimensions.address();
  }
}
