package dev.slipway.core.table;

/**
 * How large a table may be.
 *
 * @param cellsMax rows times columns; a cell takes up to 8 bytes, and each different text its own
 *     bytes
 */
public record TableLimits(long bytesMax, int rowsMax, int columnsMax, long cellsMax) {
  public static final TableLimits DEFAULT =
      new TableLimits(1L << 30, 5_000_000, 10_000, 50_000_000);

  public TableLimits {
    if (bytesMax < 1 || rowsMax < 1 || columnsMax < 1 || cellsMax < 1) {
      throw new IllegalArgumentException("table limits (expected: each >= 1)");
    }
  }

  /**
   * @throws IllegalArgumentException if a table of that size is too large
   */
  public void require(long rows, long columns) {
    if (rows > rowsMax) {
      throw new IllegalArgumentException(
          "more than %d rows (expected: at most that)".formatted(rowsMax));
    }
    if (columns > columnsMax) {
      throw new IllegalArgumentException(
          "%d columns (expected: at most %d)".formatted(columns, columnsMax));
    }
    if (rows * columns > cellsMax) {
      throw new IllegalArgumentException(
          "%d columns and at least %d rows (expected: at most %d cells)"
              .formatted(columns, rows, cellsMax));
    }
  }
}
