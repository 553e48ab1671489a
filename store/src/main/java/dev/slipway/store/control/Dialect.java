package dev.slipway.store.control;

/** Where the databases differ. All other SQL is the same for both. */
enum Dialect {
  SQLITE("TEXT", "BLOB") {
    @Override
    boolean hasTable(SqlSession sql, String name) {
      return sql.first(
              "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", row -> true, name)
          .isPresent();
    }
  },

  /** Texts are compared by their bytes, as SQLite does, whatever the database's own order is. */
  POSTGRESQL("TEXT COLLATE \"C\"", "BYTEA") {
    @Override
    boolean hasTable(SqlSession sql, String name) {
      return sql.first(
              "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?",
              row -> true,
              name)
          .isPresent();
    }
  };

  private final String text;
  private final String bytes;

  Dialect(String text, String bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  abstract boolean hasTable(SqlSession sql, String name);

  /** A statement in which <code>${text}</code> and <code>${bytes}</code> stand for types. */
  String ddl(String statement) {
    return statement.replace("${text}", text).replace("${bytes}", bytes);
  }
}
