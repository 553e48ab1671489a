package dev.slipway.core.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table from comma-separated values with a header, in two passes over the text, so that only the
 * columns are held: the first finds out how many rows there are and which columns are numbers, the
 * second reads them.
 *
 * <p>A column is one of numbers if every value in it is a number that a double keeps; an empty cell
 * and {@code NaN} are missing ones, the latter given as such. In every other column only an empty
 * cell is missing.
 */
public final class CsvTable {
  private final List<String> names;
  private final boolean[] numeric;
  private final int rows;

  private CsvTable(List<String> names, boolean[] numeric, int rows) {
    this.names = names;
    this.numeric = numeric;
    this.rows = rows;
  }

  /**
   * The first pass.
   *
   * @throws IllegalArgumentException if there is no header, a name is empty or comes twice, a
   *     record has another length, or a limit is passed
   */
  public static CsvTable survey(CsvReader csv, TableLimits limits) throws IOException {
    List<String> header = csv.next();
    if (header == null) {
      throw new IllegalArgumentException("it is empty (expected: a header with column names)");
    }
    List<String> names = header.stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !seen.add(name)) {
        throw new IllegalArgumentException(
            "column name '%s' (expected: each column named, and named once)".formatted(name));
      }
    }
    boolean[] numeric = new boolean[names.size()];
    Arrays.fill(numeric, true);
    int rows = 0;
    List<String> cells;
    limits.require(0, names.size());
    while ((cells = next(csv, names.size())) != null) {
      limits.require(++rows, names.size());
      for (int column = 0; column < numeric.length; column++) {
        String cell = cells.get(column);
        numeric[column] =
            numeric[column] && (NumberText.isMissing(cell) || NumberText.isKeptByDouble(cell));
      }
    }
    return new CsvTable(names, numeric, rows);
  }

  /**
   * The second pass, over the same text.
   *
   * @throws IllegalArgumentException if the text has changed
   */
  public Table read(CsvReader csv) throws IOException {
    csv.next();
    double[][] numbers = new double[names.size()][];
    List<@Nullable TextsBuilder> texts = new ArrayList<>();
    List<BitSet> givenNans = new ArrayList<>();
    for (int column = 0; column < numeric.length; column++) {
      numbers[column] = new double[numeric[column] ? rows : 0];
      texts.add(numeric[column] ? null : new TextsBuilder(rows));
      givenNans.add(new BitSet());
    }
    for (int row = 0; row < rows; row++) {
      List<String> cells = next(csv, names.size());
      if (cells == null) {
        throw new IllegalArgumentException("it became shorter while it was read");
      }
      for (int column = 0; column < numeric.length; column++) {
        String cell = cells.get(column);
        TextsBuilder builder = texts.get(column);
        if (builder == null) {
          numbers[column][row] = NumberText.parse(cell);
          if (!cell.isEmpty() && Double.isNaN(numbers[column][row])) {
            givenNans.get(column).set(row);
          }
        } else {
          builder.add(cell.isEmpty() ? null : cell);
        }
      }
    }
    LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
    for (int column = 0; column < numeric.length; column++) {
      TextsBuilder builder = texts.get(column);
      columns.put(
          names.get(column),
          builder == null
              ? new Column.Numbers(numbers[column], givenNans.get(column))
              : builder.build());
    }
    return new Table(columns);
  }

  private static @Nullable List<String> next(CsvReader csv, int columns) throws IOException {
    List<String> cells = csv.next();
    if (cells != null && cells.size() != columns) {
      throw new IllegalArgumentException(
          "line %d: %d values (expected: %d, as in the header)"
              .formatted(csv.recordLine(), cells.size(), columns));
    }
    return cells;
  }
}
