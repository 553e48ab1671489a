package dev.slipway.cli.predict;

import dev.slipway.core.table.CsvReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV in the order of a model's columns. A first line that names columns of the model
 * picks them by name, and further columns are passed over; a first line that cannot be values is
 * passed over; without either the columns are taken by position.
 */
public final class CsvRows {
  private final CsvReader csv;
  private final int @Nullable [] positions;
  private final int titles;
  private @Nullable List<String> first;

  /**
   * @param titles columns of the header; 0 where none is used
   */
  private CsvRows(
      CsvReader csv, int @Nullable [] positions, int titles, @Nullable List<String> first) {
    this.csv = csv;
    this.positions = positions;
    this.titles = titles;
    this.first = first;
  }

  /**
   * @throws IllegalArgumentException if the header lacks columns of the model
   */
  public static CsvRows of(CsvReader csv, RowLayout layout) throws IOException {
    List<String> head = csv.next();
    if (head == null) {
      return new CsvRows(csv, null, 0, null);
    }
    List<String> columns = layout.columns();
    Set<String> known = new HashSet<>(columns);
    List<String> titles = head.stream().map(String::strip).toList();
    if (titles.stream().anyMatch(known::contains)) {
      int[] positions = new int[columns.size()];
      List<String> missing = new ArrayList<>();
      for (int column = 0; column < positions.length; column++) {
        positions[column] = titles.indexOf(columns.get(column));
        if (positions[column] < 0) {
          missing.add(columns.get(column));
        } else if (positions[column] != titles.lastIndexOf(columns.get(column))) {
          throw new IllegalArgumentException(
              "the header names %s twice (expected: each column once)"
                  .formatted(columns.get(column)));
        }
      }
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException(
            "the header lacks %s (expected: every column of %s)"
                .formatted(String.join(", ", missing), String.join(", ", columns)));
      }
      return new CsvRows(csv, positions, head.size(), null);
    }
    for (int column = 0; column < head.size(); column++) {
      if (!layout.accepts(column, head.get(column)) && !columns.isEmpty()) {
        boolean isTitle = column < columns.size();
        return new CsvRows(csv, null, 0, isTitle ? null : head);
      }
    }
    return new CsvRows(csv, null, 0, head);
  }

  /** The next at most {@code count} rows; empty at the end. */
  public List<List<String>> next(int count) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    while (rows.size() < count) {
      List<String> record = first != null ? first : csv.next();
      first = null;
      if (record == null) {
        break;
      }
      rows.add(inOrder(record));
    }
    return rows;
  }

  private List<String> inOrder(List<String> record) {
    if (positions == null) {
      return record;
    }
    if (record.size() != titles) {
      throw new IllegalArgumentException(
          "line %d: %d values (expected: %d, as in the header)"
              .formatted(csv.recordLine(), record.size(), titles));
    }
    List<String> row = new ArrayList<>(positions.length);
    for (int position : positions) {
      row.add(record.get(position));
    }
    return row;
  }
}
