package dev.slipway.core.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Named columns of equal length. Immutable. */
public final class Table {
  private final Map<String, Column> columns;
  private final int rows;

  /**
   * @param columns in their order
   * @throws IllegalArgumentException if there is none, or they differ in length
   */
  public Table(SequencedMap<String, Column> columns) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("no column (expected: at least one)");
    }
    this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    this.rows = columns.firstEntry().getValue().rows();
    columns.forEach(
        (name, column) -> {
          if (column.rows() != rows) {
            throw new IllegalArgumentException(
                "column %s: %d rows (expected: %d)".formatted(name, column.rows(), rows));
          }
        });
  }

  public int rows() {
    return rows;
  }

  /** In the file's order. */
  public List<String> names() {
    return List.copyOf(columns.keySet());
  }

  public Optional<Column> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }
}
