package dev.slipway.serving.batching;

import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts the outputs of a batch into each request's rows, in order, without copying. */
final class RowSlices {
  private final List<Tensor> outputs;
  private final int rows;
  private final int[] offsets;
  private final int[] lengths;

  private RowSlices(List<Tensor> outputs, int rows) {
    this.outputs = outputs;
    this.rows = rows;
    this.offsets = new int[outputs.size()];
    this.lengths = new int[outputs.size()];
  }

  /** Null if an output does not have one entry per row, so that it cannot be cut. */
  static @Nullable RowSlices of(List<Tensor> outputs, int rows) {
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (output.shape().rank() == 0 || output.shape().dimension(0) != rows) {
        return null;
      }
    }
    return new RowSlices(outputs, rows);
  }

  /** The next {@code count} rows of the wanted outputs; null means of all. */
  List<Tensor> next(int count, int @Nullable [] wanted) {
    for (int i = 0; i < lengths.length; i++) {
      offsets[i] += lengths[i];
      lengths[i] = length(outputs.get(i), offsets[i], count);
    }
    int wantedCount = wanted == null ? lengths.length : wanted.length;
    Tensor[] slices = new Tensor[wantedCount];
    for (int i = 0; i < wantedCount; i++) {
      slices[i] = slice(wanted == null ? i : wanted[i], count);
    }
    return Arrays.asList(slices);
  }

  private Tensor slice(int index, int count) {
    Tensor output = outputs.get(index);
    ByteBuffer data =
        output.data().slice(offsets[index], lengths[index]).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(output.name(), output.datatype(), output.shape().withFirst(count), data);
  }

  private int length(Tensor output, int offset, int count) {
    if (output.datatype().isFixedSize()) {
      return output.byteLength() / rows * count;
    }
    long elements = output.shape().elementsPerRow() * count;
    int at = offset;
    for (long i = 0; i < elements; i++) {
      at += Integer.BYTES + output.data().getInt(at);
    }
    return at - offset;
  }
}
