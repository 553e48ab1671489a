package dev.slipway.engine.trees.forest;

import dev.slipway.core.tensor.DataType;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads the columns that matter from a tensor's row, as 32-bit keys. Immutable; thread-safe.
 *
 * <p>Integers are compared as FP32, as ONNX Runtime compares them with FP32 thresholds. The keys of
 * FP64 do not fit 32 bits, so a value's key is then its rank among the column's cuts.
 */
final class KeyReader {
  private final DataType datatype;
  private final int[] features;
  private final List<Column> columns;

  /**
   * @param columns with cuts in the datatype's own keys
   */
  KeyReader(DataType datatype, List<Column> columns) {
    this.datatype = datatype;
    this.columns = columns;
    this.features = columns.stream().mapToInt(Column::feature).toArray();
  }

  /** Length of a row of keys: one per column, and one that is always 0, for searches to fill up. */
  int keyCount() {
    return features.length + 1;
  }

  long memoryBytes() {
    long bytes = 4L * features.length;
    if (datatype == DataType.FP64) {
      for (Column column : columns) {
        bytes += 8L * column.cuts().length;
      }
    }
    return bytes;
  }

  /**
   * @param start byte at which the row starts
   */
  void read(ByteBuffer data, int start, int[] keys) {
    int[] features = this.features;
    switch (datatype) {
      case FP32 -> {
        for (int i = 0; i < features.length; i++) {
          keys[i] = OrderedKey.of(data.getFloat(start + 4 * features[i]));
        }
      }
      case FP64 -> {
        for (int i = 0; i < features.length; i++) {
          long key = OrderedKey.of(data.getDouble(start + 8 * features[i]));
          keys[i] = key == OrderedKey.NAN_64 ? OrderedKey.NAN_32 : columns.get(i).rank(key);
        }
      }
      case INT64 -> {
        for (int i = 0; i < features.length; i++) {
          keys[i] = OrderedKey.of((float) data.getLong(start + 8 * features[i]));
        }
      }
      case INT32 -> {
        for (int i = 0; i < features.length; i++) {
          keys[i] = OrderedKey.of((float) data.getInt(start + 4 * features[i]));
        }
      }
      case BOOL, INT8, INT16, UINT8, UINT16, UINT32, UINT64, FP16, BF16, BYTES ->
          throw new IllegalStateException("input of " + datatype);
    }
  }
}
