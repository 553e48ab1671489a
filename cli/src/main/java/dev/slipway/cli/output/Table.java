package dev.slipway.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Text in columns, two spaces apart. */
public final class Table {
  private final List<String> titles;
  private final Set<Integer> stateColumns;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(List<String> titles) {
    this(titles, Set.of());
  }

  /**
   * @param stateColumns numbers of the columns whose cells are states
   */
  public Table(List<String> titles, Set<Integer> stateColumns) {
    this.titles = List.copyOf(titles);
    this.stateColumns = Set.copyOf(stateColumns);
  }

  /**
   * @param cells as many as there are titles
   */
  public void add(List<String> cells) {
    if (cells.size() != titles.size()) {
      throw new IllegalArgumentException(
          "cells: %d (expected: %d)".formatted(cells.size(), titles.size()));
    }
    rows.add(List.copyOf(cells));
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, each ended by a line feed. */
  public String render(Style style) {
    int[] widths = new int[titles.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = titles.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    append(text, titles, widths, style, true);
    for (List<String> row : rows) {
      append(text, row, widths, style, false);
    }
    return text.toString();
  }

  private void append(
      StringBuilder text, List<String> cells, int[] widths, Style style, boolean isTitle) {
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      if (isTitle) {
        text.append(style.bold(cell));
      } else {
        text.append(stateColumns.contains(column) ? style.state(cell) : cell);
      }
      if (column < widths.length - 1) {
        text.append(" ".repeat(widths[column] - cell.length() + 2));
      }
    }
    text.append('\n');
  }
}
