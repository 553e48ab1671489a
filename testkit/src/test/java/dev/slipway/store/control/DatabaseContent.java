package dev.slipway.store.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All rows and the whole schema of a database, for comparing.
 *
 * @param rows by table and then column, sorted
 * @param schema columns with types, order of texts and defaults; indexes
 */
record DatabaseContent(Map<String, List<Map<String, Object>>> rows, List<String> schema) {
  static DatabaseContent of(Connection connection, Dialect dialect) throws SQLException {
    Map<String, List<Map<String, Object>>> rows = new TreeMap<>();
    for (List<Object> table : list(connection, tables(dialect))) {
      String name = table.getFirst().toString();
      rows.put(name, rows(connection, name));
    }
    List<String> schema = new ArrayList<>();
    for (String query : schema(dialect)) {
      list(connection, query).forEach(row -> schema.add(row.toString()));
    }
    return new DatabaseContent(rows, schema.stream().sorted().toList());
  }

  /** Without the table in which Flyway counts, which says when, and the one from before. */
  DatabaseContent withoutHistory() {
    Map<String, List<Map<String, Object>>> others = new TreeMap<>(rows);
    others.remove(StoredSchema.HISTORY);
    others.remove(StoredSchema.EARLIER_HISTORY);
    return new DatabaseContent(
        others,
        schema.stream()
            .filter(
                line ->
                    !line.contains(StoredSchema.HISTORY)
                        && !line.contains(StoredSchema.EARLIER_HISTORY))
            .toList());
  }

  /** Whether every row of another one is here too, with the same values in its columns. */
  boolean keeps(DatabaseContent earlier) {
    return earlier.rows.entrySet().stream()
        .allMatch(
            table ->
                table.getValue().stream()
                    .allMatch(
                        row ->
                            rows.getOrDefault(table.getKey(), List.of()).stream()
                                .anyMatch(now -> now.entrySet().containsAll(row.entrySet()))));
  }

  private static String tables(Dialect dialect) {
    return switch (dialect) {
      case SQLITE ->
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
      case POSTGRESQL -> "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()";
    };
  }

  private static List<String> schema(Dialect dialect) {
    return switch (dialect) {
      case SQLITE ->
          List.of(
              """
              SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
              FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'\
              """,
              """
              SELECT m.name, f."from", f."table", f."to"
              FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'\
              """,
              "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'");
      case POSTGRESQL ->
          List.of(
              """
              SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
              FROM information_schema.columns WHERE table_schema = current_schema()\
              """,
              """
              SELECT conrelid::regclass::text, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = current_schema()::regnamespace\
              """,
              "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()");
    };
  }

  private static List<Map<String, Object>> rows(Connection connection, String table)
      throws SQLException {
    List<Map<String, Object>> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + table);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.put(rows.getMetaData().getColumnName(i), comparable(rows.getObject(i)));
        }
        found.add(row);
      }
    }
    return found.stream()
        .sorted(Comparator.comparing(row -> new TreeMap<>(row).toString()))
        .toList();
  }

  private static List<List<Object>> list(Connection connection, String sql) throws SQLException {
    List<List<Object>> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(comparable(rows.getObject(i)));
        }
        found.add(row);
      }
    }
    return found;
  }

  private static Object comparable(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case byte[] bytes -> "bytes " + HexFormat.of().formatHex(bytes);
      default -> value;
    };
  }
}
