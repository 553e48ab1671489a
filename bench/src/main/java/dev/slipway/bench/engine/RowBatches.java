package dev.slipway.bench.engine;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/** Rows as the inputs of successive runs. */
public final class RowBatches {
  private RowBatches() {}

  /**
   * Cuts rows into inputs of one FP32 tensor {@code [batch, columns]} each, all within one direct
   * buffer. Rows that fill no batch are left out.
   *
   * @param rows all of the same length
   */
  public static List<List<Tensor>> of(String input, float[][] rows, int batch) {
    int columns = rows[0].length;
    ByteBuffer all =
        ByteBuffer.allocateDirect(rows.length * columns * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        all.putFloat(value);
      }
    }
    int bytes = batch * columns * Float.BYTES;
    Shape shape = Shape.of(batch, columns);
    return IntStream.range(0, rows.length / batch)
        .mapToObj(i -> all.slice(i * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN))
        .map(slice -> List.of(new Tensor(input, DataType.FP32, shape, slice)))
        .toList();
  }
}
