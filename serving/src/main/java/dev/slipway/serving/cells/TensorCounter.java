package dev.slipway.serving.cells;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.CategoricalCounter;
import dev.slipway.core.drift.CategoricalReference;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.NumberElements;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Counts the values of one tensor by their column, the place in a row. Columns without a reference
 * are passed over.
 */
abstract sealed class TensorCounter {
  final int width;

  private TensorCounter(int width) {
    this.width = width;
  }

  /** Counts every element; a tensor whose rows have another width is not what was referenced. */
  final void count(Tensor tensor, int rows) {
    if (tensor.elementCount() == (long) rows * width) {
      countElements(tensor);
    }
  }

  abstract void countElements(Tensor tensor);

  /** Rows in which the tensor was left out. */
  abstract void countMissing(int rows);

  /** What was counted of a column that has a reference. */
  abstract BinCounts counts(int column);

  /** NaN is how callers say that a number is missing; infinities are invalid. */
  static final class OfNumbers extends TensorCounter {
    private final DataType datatype;
    private final @Nullable NumericCounter[] columns;

    OfNumbers(DataType datatype, @Nullable NumericReference[] references) {
      super(references.length);
      this.datatype = datatype;
      this.columns = new NumericCounter[references.length];
      for (int i = 0; i < columns.length; i++) {
        NumericReference reference = references[i];
        columns[i] = reference == null ? null : new NumericCounter(reference);
      }
    }

    @Override
    void countElements(Tensor tensor) {
      ByteBuffer data = tensor.data();
      int size = datatype.byteSize();
      int column = 0;
      for (int at = 0, end = tensor.byteLength(); at < end; at += size) {
        NumericCounter counter = columns[column];
        if (counter != null) {
          double value = NumberElements.at(datatype, data, at);
          if (Double.isNaN(value)) {
            counter.addMissing(1);
          } else {
            counter.add(value);
          }
        }
        if (++column == width) {
          column = 0;
        }
      }
    }

    @Override
    void countMissing(int rows) {
      for (NumericCounter counter : columns) {
        if (counter != null) {
          counter.addMissing(rows);
        }
      }
    }

    @Override
    BinCounts counts(int column) {
      NumericCounter counter = columns[column];
      if (counter == null) {
        throw new IllegalArgumentException("column %d has no reference".formatted(column));
      }
      return counter.counts();
    }
  }

  /** An empty text is missing. */
  static final class OfTexts extends TensorCounter {
    private final @Nullable CategoricalCounter[] columns;

    OfTexts(@Nullable CategoricalReference[] references) {
      super(references.length);
      this.columns = new CategoricalCounter[references.length];
      for (int i = 0; i < columns.length; i++) {
        CategoricalReference reference = references[i];
        columns[i] = reference == null ? null : new CategoricalCounter(reference);
      }
    }

    @Override
    void countElements(Tensor tensor) {
      ByteBuffer data = tensor.data();
      int column = 0;
      int at = 0;
      int end = tensor.byteLength();
      while (at < end) {
        int length = data.getInt(at);
        at += Integer.BYTES;
        CategoricalCounter counter = columns[column];
        if (counter != null) {
          if (length == 0) {
            counter.addMissing(1);
          } else {
            byte[] text = new byte[length];
            data.get(at, text);
            counter.add(new String(text, StandardCharsets.UTF_8));
          }
        }
        at += length;
        if (++column == width) {
          column = 0;
        }
      }
    }

    @Override
    void countMissing(int rows) {
      for (CategoricalCounter counter : columns) {
        if (counter != null) {
          counter.addMissing(rows);
        }
      }
    }

    @Override
    BinCounts counts(int column) {
      CategoricalCounter counter = columns[column];
      if (counter == null) {
        throw new IllegalArgumentException("column %d has no reference".formatted(column));
      }
      return counter.counts();
    }
  }
}
