package dev.slipway.core.drift.cell;

import dev.slipway.core.drift.BinCounts;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows that were answered, and how their values fell into the bins of a reference. Adding is
 * associative and commutative.
 *
 * @param rows {@code >= 0}
 * @param fields in the order of the reference's
 */
public record CellCounts(long rows, List<BinCounts> fields) {
  public CellCounts {
    fields = List.copyOf(fields);
    if (rows < 0) {
      throw new IllegalArgumentException("rows: %d (expected: >= 0)".formatted(rows));
    }
  }

  /**
   * @param other on the bins of the same reference
   * @throws IllegalArgumentException if it has other bins
   */
  public CellCounts plus(CellCounts other) {
    if (fields.size() != other.fields.size()) {
      throw new IllegalArgumentException(
          "%d fields (expected: %d, of the same reference)"
              .formatted(other.fields.size(), fields.size()));
    }
    return new CellCounts(
        Math.addExact(rows, other.rows),
        IntStream.range(0, fields.size())
            .mapToObj(i -> fields.get(i).plus(other.fields.get(i)))
            .toList());
  }
}
