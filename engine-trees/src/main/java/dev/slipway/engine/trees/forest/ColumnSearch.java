package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.OrderedKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds, for every column, the interval between two cuts that a key lies in, as the number of a
 * table row. Immutable; thread-safe.
 *
 * <p>Columns are searched in groups of four, side by side, so that the latencies of their loads
 * overlap. The columns of a group have about as many cuts, and are filled up to the same power of
 * two, so that the search has a fixed number of steps and no branch that depends on the data. Row 0
 * belongs to the neutral columns that fill the last group.
 */
final class ColumnSearch {
  private static final int LANES = 4;

  /** Column searched at each place, or the count of columns for a neutral one. */
  private final int[] columnAt;

  /** For each place, the position before its first cut. */
  private final int[] before;

  /** For each place, what turns a position into a table row. */
  private final int[] rowOffset;

  /** For each group of places, half the power of two that its cuts are filled up to. */
  private final int[] halves;

  /** All cuts but one less each, so that a key on a cut is above it; filled up by keys of NaN. */
  private final int[] cuts;

  private final int[] firstRow;
  private final int[][] cutsOf;
  private final int rowCount;

  private ColumnSearch(List<Column> columns) {
    int count = columns.size();
    int places = Math.max(LANES, (count + LANES - 1) / LANES * LANES);
    cutsOf = new int[count][];
    firstRow = new int[count];
    int row = 1;
    for (int c = 0; c < count; c++) {
      cutsOf[c] = withNan(columns.get(c).cuts());
      firstRow[c] = row;
      row += cutsOf[c].length + 1;
    }
    rowCount = row;
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingInt(c -> cutsOf[c].length))
            .mapToInt(Integer::intValue)
            .toArray();
    columnAt = Arrays.copyOf(order, places);
    Arrays.fill(columnAt, count, places, count);
    before = new int[places];
    rowOffset = new int[places];
    halves = new int[places / LANES];
    int[] filled = new int[64];
    int size = 0;
    for (int g = 0; g < halves.length; g++) {
      int most = 0;
      for (int p = g * LANES; p < (g + 1) * LANES && p < count; p++) {
        most = Math.max(most, cutsOf[order[p]].length);
      }
      int power = most == 0 ? 1 : Integer.highestOneBit(most) << 1;
      halves[g] = power >> 1;
      for (int p = g * LANES; p < (g + 1) * LANES; p++) {
        int[] own = p < count ? cutsOf[order[p]] : new int[0];
        before[p] = size - 1;
        rowOffset[p] = (p < count ? firstRow[order[p]] : 0) - before[p];
        if (filled.length < size + power) {
          filled = Arrays.copyOf(filled, Math.max(2 * filled.length, size + power));
        }
        Arrays.fill(filled, size, size + power - 1, OrderedKey.NAN_32);
        for (int i = 0; i < own.length; i++) {
          filled[size + i] = own[i] - 1;
        }
        size += power - 1;
      }
    }
    cuts = Arrays.copyOf(filled, size);
  }

  static ColumnSearch of(List<Column> columns) {
    return new ColumnSearch(columns);
  }

  /** NaN has an interval of its own, the last. */
  private static int[] withNan(long[] cuts) {
    boolean there = cuts.length > 0 && cuts[cuts.length - 1] == OrderedKey.NAN_32;
    int[] all = new int[cuts.length + (there ? 0 : 1)];
    for (int i = 0; i < cuts.length; i++) {
      all[i] = Math.toIntExact(cuts[i]);
    }
    all[all.length - 1] = OrderedKey.NAN_32;
    return all;
  }

  /** Table rows, with row 0. */
  int rowCount() {
    return rowCount;
  }

  /** Columns, with the neutral ones: a multiple of four, at least four. */
  int paddedCount() {
    return columnAt.length;
  }

  /** Intervals of a column. */
  int binCount(int column) {
    return cutsOf[column].length + 1;
  }

  /** Table row of an interval. */
  int row(int column, int bin) {
    return firstRow[column] + bin;
  }

  /** The least key of an interval, by which splits can be judged for all of it. */
  int leastKey(int column, int bin) {
    return bin == 0 ? OrderedKey.BELOW_ALL_32 : cutsOf[column][bin - 1];
  }

  /**
   * @param keys one per column, and one more of any value for the neutral columns
   * @param rows receives a table row for each column and neutral column, in an order of its own
   */
  void find(int[] keys, int[] rows) {
    int[] cuts = this.cuts;
    for (int g = 0, p = 0; g < halves.length; g++, p += LANES) {
      long k0 = keys[columnAt[p]];
      long k1 = keys[columnAt[p + 1]];
      long k2 = keys[columnAt[p + 2]];
      long k3 = keys[columnAt[p + 3]];
      int p0 = before[p];
      int p1 = before[p + 1];
      int p2 = before[p + 2];
      int p3 = before[p + 3];
      for (int half = halves[g]; half > 0; half >>= 1) {
        p0 += half & (int) ((cuts[p0 + half] - k0) >> 63);
        p1 += half & (int) ((cuts[p1 + half] - k1) >> 63);
        p2 += half & (int) ((cuts[p2 + half] - k2) >> 63);
        p3 += half & (int) ((cuts[p3 + half] - k3) >> 63);
      }
      rows[p] = p0 + rowOffset[p];
      rows[p + 1] = p1 + rowOffset[p + 1];
      rows[p + 2] = p2 + rowOffset[p + 2];
      rows[p + 3] = p3 + rowOffset[p + 3];
    }
  }

  long memoryBytes() {
    long bytes = 4L * (4L * columnAt.length + halves.length + cuts.length + firstRow.length);
    for (int[] own : cutsOf) {
      bytes += 4L * own.length + 16;
    }
    return bytes;
  }
}
