package dev.slipway.core.table;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads comma-separated values as RFC 4180 describes them, one record at a time. */
public final class CsvReader implements Closeable {
  private static final int CELL_CHARS_MAX = 1 << 20;

  private final BufferedReader in;
  private long line = 1;
  private long recordLine;

  public CsvReader(Reader in) {
    this.in = new BufferedReader(in);
  }

  /**
   * The next record, or null at the end. Empty lines are passed over.
   *
   * @throws IllegalArgumentException if a quote is not closed or a cell is longer than 1 Mi
   *     characters
   */
  public @Nullable List<String> next() throws IOException {
    while (true) {
      List<String> cells = record();
      if (cells == null || cells.size() > 1 || !cells.getFirst().isEmpty()) {
        return cells;
      }
    }
  }

  /** Line on which the last record began, from 1. */
  public long recordLine() {
    return recordLine;
  }

  private @Nullable List<String> record() throws IOException {
    int character = in.read();
    if (character < 0) {
      return null;
    }
    long startLine = line;
    recordLine = startLine;
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    while (true) {
      if (quoted) {
        if (character < 0) {
          throw new IllegalArgumentException("line %d: a quote is not closed".formatted(startLine));
        }
        if (character == '"') {
          in.mark(1);
          if (in.read() == '"') {
            append(cell, '"');
          } else {
            in.reset();
            quoted = false;
          }
        } else {
          append(cell, (char) character);
        }
      } else if (character < 0 || character == '\n') {
        cells.add(cell.toString());
        line++;
        return cells;
      } else if (character == ',') {
        cells.add(cell.toString());
        cell.setLength(0);
      } else if (character == '"' && cell.isEmpty()) {
        quoted = true;
      } else if (character != '\r' && character != '\uFEFF') {
        append(cell, (char) character);
      }
      if (quoted && character == '\n') {
        line++;
      }
      character = in.read();
    }
  }

  private void append(StringBuilder cell, char character) {
    if (cell.length() >= CELL_CHARS_MAX) {
      throw new IllegalArgumentException(
          "line %d: a cell of more than %d characters".formatted(line, CELL_CHARS_MAX));
    }
    cell.append(character);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
