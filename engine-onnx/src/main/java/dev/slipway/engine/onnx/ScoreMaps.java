package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a sequence of maps from class to score as a tensor {@code [rows, classes]}. ONNX Runtime
 * keeps the maps sorted by key, so that the columns are in the order of the keys in every row.
 */
final class ScoreMaps {
  private static final int KEYS = 0;
  private static final int VALUES = 1;

  private final OrtValues values;
  private final MemorySegment out;

  /**
   * @param out room for a pointer
   */
  ScoreMaps(OrtValues values, MemorySegment out) {
    this.values = values;
    this.out = out;
  }

  /**
   * @param sequence address of the value, which stays the caller's
   * @throws SlipwayException OUTPUT_INVALID if rows differ in their number of classes
   */
  Tensor read(String name, long sequence) throws OrtFailure {
    OrtApi.partCount(sequence, out);
    int rows = Math.toIntExact(out.get(JAVA_LONG, 0));
    int classes = 0;
    ByteBuffer data = ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      long map = part(sequence, row);
      try {
        long scores = part(map, VALUES);
        try {
          int count = Math.toIntExact(values.shape(scores).elementCount());
          if (row == 0) {
            classes = count;
            data =
                ByteBuffer.allocateDirect(
                        Math.multiplyExact(Math.multiplyExact(rows, classes), Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
          } else if (count != classes) {
            throw new SlipwayException(
                ErrorCode.OUTPUT_INVALID,
                "output '%s': row %d has %d classes (expected: %d, as in the first row)"
                    .formatted(name, row, count, classes));
          }
          data.put(values.data(scores, (long) count * Float.BYTES));
        } finally {
          OrtApi.releaseValue(scores);
        }
      } finally {
        OrtApi.releaseValue(map);
      }
    }
    return new Tensor(name, DataType.FP32, Shape.of(rows, classes), data.flip());
  }

  /** The classes of the first row, as text; empty where there is no row. */
  List<String> classes(long sequence) throws OrtFailure {
    OrtApi.partCount(sequence, out);
    if (out.get(JAVA_LONG, 0) == 0) {
      return List.of();
    }
    long map = part(sequence, 0);
    try {
      long keys = part(map, KEYS);
      try {
        return texts(keys);
      } finally {
        OrtApi.releaseValue(keys);
      }
    } finally {
      OrtApi.releaseValue(map);
    }
  }

  private List<String> texts(long keys) throws OrtFailure {
    int count = Math.toIntExact(values.shape(keys).elementCount());
    List<String> texts = new ArrayList<>(count);
    if (values.elementType(keys) == ElementType.STRING) {
      ByteBuffer strings = StringTensors.read(keys, count, out);
      while (strings.hasRemaining()) {
        byte[] bytes = new byte[strings.getInt()];
        strings.get(bytes);
        texts.add(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
      }
    } else {
      ByteBuffer numbers = values.data(keys, (long) count * Long.BYTES);
      while (numbers.hasRemaining()) {
        texts.add(Long.toString(numbers.getLong()));
      }
    }
    return texts;
  }

  private long part(long value, long index) throws OrtFailure {
    OrtApi.part(value, index, out);
    return out.get(JAVA_LONG, 0);
  }
}
