package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.time.Instant;
import java.util.List;

/**
 * The schema's history. Each migration runs once, in its own transaction with the row that says so;
 * those that were released are never edited, only followed. SQL here is what SQLite and PostgreSQL
 * both understand.
 */
final class Migrations {
  /** One step; {@code version} counts from 1. */
  record Migration(int version, String description, List<String> statements) {}

  static final List<Migration> ALL =
      List.of(
          new Migration(
              1,
              "models, versions, deployments and their history",
              List.of(
                  """
                  CREATE TABLE registered_model (
                    name TEXT PRIMARY KEY,
                    latest_version INTEGER NOT NULL,
                    created_micros BIGINT NOT NULL
                  )\
                  """,
                  """
                  CREATE TABLE model_version (
                    model TEXT NOT NULL REFERENCES registered_model (name),
                    version INTEGER NOT NULL,
                    digest TEXT NOT NULL,
                    format TEXT NOT NULL,
                    primary_file TEXT NOT NULL,
                    signature TEXT NOT NULL,
                    settings TEXT NOT NULL,
                    description TEXT NOT NULL,
                    example_request TEXT NOT NULL,
                    size_bytes BIGINT NOT NULL,
                    registered_micros BIGINT NOT NULL,
                    PRIMARY KEY (model, version)
                  )\
                  """,
                  """
                  CREATE TABLE deployment (
                    name TEXT PRIMARY KEY,
                    model TEXT NOT NULL,
                    current_version INTEGER NOT NULL,
                    previous_version INTEGER NOT NULL,
                    revision BIGINT NOT NULL,
                    changed_micros BIGINT NOT NULL,
                    FOREIGN KEY (model, current_version) REFERENCES model_version (model, version)
                  )\
                  """,
                  """
                  CREATE TABLE deployment_history (
                    deployment TEXT NOT NULL,
                    revision BIGINT NOT NULL,
                    kind TEXT NOT NULL,
                    model TEXT NOT NULL,
                    current_version INTEGER NOT NULL,
                    previous_version INTEGER NOT NULL,
                    epoch BIGINT NOT NULL,
                    changed_micros BIGINT NOT NULL,
                    PRIMARY KEY (deployment, revision)
                  )\
                  """,
                  """
                  CREATE TABLE sequence_number (
                    name TEXT PRIMARY KEY,
                    value BIGINT NOT NULL
                  )\
                  """,
                  "INSERT INTO sequence_number (name, value) VALUES ('epoch', 0)")),
          new Migration(
              2,
              "the audit log's entries",
              List.of(
                  // SQLite keeps bytes as bytes in a column of any type.
                  """
                  CREATE TABLE audit_leaf (
                    entry BIGINT PRIMARY KEY,
                    leaf BYTEA NOT NULL
                  )\
                  """,
                  "INSERT INTO sequence_number (name, value) VALUES ('audit', 0)",
                  "ALTER TABLE deployment_history ADD COLUMN audit_index BIGINT")),
          new Migration(
              3,
              "experiments, runs, logged models; stages, aliases and tags of registered ones",
              TrackingSchema.STATEMENTS));

  private Migrations() {}

  /**
   * The version that a database has; 0 when it is empty.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it
   */
  static int require(SqlSession sql, boolean hasSchema) {
    int version =
        hasSchema
            ? sql.first(
                    "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version",
                    row -> row.getInt("version"))
                .orElse(0)
            : 0;
    int known = ALL.getLast().version();
    if (version > known) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "control database: schema %d, written by a newer Slipway (expected: at most %d)"
              .formatted(version, known));
    }
    return version;
  }

  /** Applies one migration; the caller owns the transaction. */
  static void apply(SqlSession sql, Migration migration, Instant now) {
    if (migration.version() == 1) {
      sql.update(
          """
          CREATE TABLE schema_version (
            version INTEGER PRIMARY KEY,
            description TEXT NOT NULL,
            applied_micros BIGINT NOT NULL
          )\
          """);
    }
    migration.statements().forEach(sql::update);
    sql.update(
        "INSERT INTO schema_version (version, description, applied_micros) VALUES (?, ?, ?)",
        migration.version(),
        migration.description(),
        StoredTime.toMicros(now));
  }
}
