package dev.slipway.store.control;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Where the databases differ. All other SQL is the same for both. */
enum Dialect {
  SQLITE("TEXT", "BLOB", "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN "),

  /** Texts are compared by their bytes, as SQLite does, whatever the database's own order is. */
  POSTGRESQL(
      "TEXT COLLATE \"C\"",
      "BYTEA",
      "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ");

  private final String text;
  private final String bytes;
  private final String tables;

  Dialect(String text, String bytes, String tables) {
    this.text = text;
    this.bytes = bytes;
    this.tables = tables;
  }

  /** Those of these tables that are there. */
  List<String> tables(SqlSession sql, List<String> names) {
    return sql.list(
        tables + "(" + String.join(", ", Collections.nCopies(names.size(), "?")) + ")",
        row -> row.getString(1),
        names.toArray());
  }

  /** The types that <code>${text}</code> and <code>${bytes}</code> stand for in migrations. */
  Map<String, String> placeholders() {
    return Map.of("text", text, "bytes", bytes);
  }
}
