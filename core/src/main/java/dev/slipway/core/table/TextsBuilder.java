package dev.slipway.core.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills a column of texts, row by row. */
public final class TextsBuilder {
  private final int[] codes;
  private final Map<String, Integer> known = new HashMap<>();
  private final List<String> values = new ArrayList<>();
  private int rows;

  /**
   * @param rows of the column
   */
  public TextsBuilder(int rows) {
    this.codes = new int[rows];
  }

  /**
   * @param text of the next row; null is a missing one
   */
  public void add(@Nullable String text) {
    codes[rows++] = text == null ? -1 : known.computeIfAbsent(text, this::code);
  }

  private Integer code(String text) {
    values.add(text);
    return values.size() - 1;
  }

  public Column.Texts build() {
    return new Column.Texts(codes, values);
  }
}
