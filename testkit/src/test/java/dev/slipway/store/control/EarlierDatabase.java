package dev.slipway.store.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database as commits before Flyway made it, with rows in every table that it has. */
final class EarlierDatabase {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  /** Everything that a format of rows might take for its own. */
  private static final String ODD = "tab\t newline\n back\\slash \\N \\. quote' é 漢 \uD83D\uDE00";

  private static final byte[] BYTES = {0, 1, '\n', '\t', '\\', (byte) 0xff};

  private EarlierDatabase() {}

  /**
   * @param connection with auto-commit
   * @param version of the schema
   */
  static void create(Connection connection, Dialect dialect, int version) throws SQLException {
    execute(
        connection,
        dialect,
        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, description ${text} NOT NULL,"
            + " applied_micros BIGINT NOT NULL)");
    for (String name : MigrationFiles.RELEASED.upTo(version).names()) {
      for (String statement : statements(MigrationFiles.RELEASED.text(name))) {
        execute(connection, dialect, statement);
      }
      int made = MigrationFiles.RELEASED.names().indexOf(name) + 1;
      insert(connection, "schema_version", made, "step " + made, 1_764_000_000_000_000L + made);
      fill(connection, made);
    }
  }

  private static void fill(Connection to, int version) throws SQLException {
    switch (version) {
      case 1 -> {
        insert(to, "registered_model", "fraud", 1, 1_764_000_000_000_000L);
        insert(
            to,
            "model_version",
            "fraud",
            1,
            DIGEST,
            "ONNX",
            "model.onnx",
            "{}",
            "{}",
            ODD,
            "",
            12,
            7);
        insert(to, "deployment", "live", "fraud", 1, 0, 1, 8);
        insert(to, "deployment_history", "live", 1, "DEPLOY", "fraud", 1, 0, 7, 8);
        execute(to, "UPDATE sequence_number SET value = 7 WHERE name = 'epoch'");
      }
      case 2 -> insert(to, "audit_leaf", 0, BYTES);
      case 3 -> {
        insert(to, "experiment", 1, ODD, "mlflow-artifacts:/1", "active", 1, 2);
        insert(to, "experiment_tag", 1, "team", ODD);
        insert(
            to,
            "run",
            "r1",
            1,
            "first",
            "ada",
            "RUNNING",
            1,
            null,
            "mlflow-artifacts:/1/r1",
            "active");
        insert(to, "run_param", "r1", "depth", "");
        insert(to, "run_tag", "r1", ODD, ODD);
        insert(to, "run_metric", "r1", "auc", 1, 2, 0.1 + 0.2, 0, "", "", "");
        insert(to, "metric_point", "r1", "auc", 2, 1, 4.9e-324, 0);
        insert(to, "run_dataset", "r1", "train", "d", "local", "{}", "", "");
        insert(to, "run_dataset_tag", "r1", "train", "d", "context", "training");
        insert(
            to,
            "logged_model",
            "m-1",
            1,
            "trees",
            "",
            "r1",
            "mlflow-artifacts:/1/m",
            "READY",
            "active",
            1,
            2);
        insert(to, "logged_model_param", "m-1", "depth", "6");
        insert(to, "logged_model_tag", "m-1", "a", "b");
        insert(to, "logged_model_metric", "m-1", "auc", "r1", "train", "d", 1, 2, -0.0, 0);
        insert(to, "run_model", "r1", "OUTPUT", "m-1", 0);
        insert(to, "registered_model_tag", "fraud", "owner", "ada");
        execute(to, "UPDATE version_card SET stage = 'Production'");
        insert(
            to, "version_card", "fraud", 2, "s", "", "", "", "None", "", "", "no signature", 1, 2);
        insert(to, "version_tag", "fraud", 1, "checked", "yes");
        insert(to, "model_alias", "fraud", "champion", 1);
      }
      case 4 -> {
        insert(to, "account", "ada", "PERSON", "APPROVER", "", BYTES, 1, 1);
        insert(to, "access_token", "t1", "ada", "h", ODD, null, "*", 1, 2, null);
        insert(to, "invitation", "h", null, 1, null);
      }
      case 5 -> {
        insert(to, "version_registrant", "fraud", 1, "ada");
        insert(to, "promotion", 1, "live", DIGEST, "fraud", 1, "OPEN", 1, BYTES);
        insert(to, "promotion_receipt", 1, 0, null);
        insert(to, "evidence", DIGEST, BYTES);
        insert(to, "policy", 1, DIGEST, "ACTIVE", BYTES, "ada", ODD, 1, "bob", 2);
      }
      case 6 -> insert(to, "webhook", 1, "https://example.org", "*", ODD, "ada", 1, 1, 0, 0, 0, "");
      case 7 -> insert(to, "account_use", "ada", "live", 20_000, 17);
      case 8 -> execute(to, "UPDATE promotion SET review_by_micros = 9");
      default -> throw new IllegalArgumentException("rows for version " + version);
    }
  }

  /**
   * The statements of a file; none has a semicolon inside, and comments have lines of their own.
   */
  private static List<String> statements(String text) {
    String uncommented = text.replaceAll("(?m)^--.*\n", "");
    return Arrays.stream(uncommented.split(";\\s*(\\n|$)"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private static void insert(Connection connection, String table, @Nullable Object... values)
      throws SQLException {
    String marks = String.join(", ", Collections.nCopies(values.length, "?"));
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO %s VALUES (%s)".formatted(table, marks))) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static void execute(Connection connection, Dialect dialect, String sql)
      throws SQLException {
    String typed = sql;
    for (Map.Entry<String, String> type : dialect.placeholders().entrySet()) {
      typed = typed.replace("${" + type.getKey() + "}", type.getValue());
    }
    execute(connection, typed);
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
