package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The schema's history. Each migration runs once, in its own transaction with the row that says so;
 * those that were released are never edited, only followed. SQL here is what SQLite and PostgreSQL
 * both understand, but for the types that {@link Dialect#ddl} names.
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
                    name ${text} PRIMARY KEY,
                    latest_version INTEGER NOT NULL,
                    created_micros BIGINT NOT NULL
                  )\
                  """,
                  """
                  CREATE TABLE model_version (
                    model ${text} NOT NULL REFERENCES registered_model (name),
                    version INTEGER NOT NULL,
                    digest ${text} NOT NULL,
                    format ${text} NOT NULL,
                    primary_file ${text} NOT NULL,
                    signature ${text} NOT NULL,
                    settings ${text} NOT NULL,
                    description ${text} NOT NULL,
                    example_request ${text} NOT NULL,
                    size_bytes BIGINT NOT NULL,
                    registered_micros BIGINT NOT NULL,
                    PRIMARY KEY (model, version)
                  )\
                  """,
                  """
                  CREATE TABLE deployment (
                    name ${text} PRIMARY KEY,
                    model ${text} NOT NULL,
                    current_version INTEGER NOT NULL,
                    previous_version INTEGER NOT NULL,
                    revision BIGINT NOT NULL,
                    changed_micros BIGINT NOT NULL,
                    FOREIGN KEY (model, current_version) REFERENCES model_version (model, version)
                  )\
                  """,
                  """
                  CREATE TABLE deployment_history (
                    deployment ${text} NOT NULL,
                    revision BIGINT NOT NULL,
                    kind ${text} NOT NULL,
                    model ${text} NOT NULL,
                    current_version INTEGER NOT NULL,
                    previous_version INTEGER NOT NULL,
                    epoch BIGINT NOT NULL,
                    changed_micros BIGINT NOT NULL,
                    PRIMARY KEY (deployment, revision)
                  )\
                  """,
                  """
                  CREATE TABLE sequence_number (
                    name ${text} PRIMARY KEY,
                    value BIGINT NOT NULL
                  )\
                  """,
                  "INSERT INTO sequence_number (name, value) VALUES ('epoch', 0)")),
          new Migration(
              2,
              "the audit log's entries",
              List.of(
                  """
                  CREATE TABLE audit_leaf (
                    entry BIGINT PRIMARY KEY,
                    leaf ${bytes} NOT NULL
                  )\
                  """,
                  "INSERT INTO sequence_number (name, value) VALUES ('audit', 0)",
                  "ALTER TABLE deployment_history ADD COLUMN audit_index BIGINT")),
          new Migration(
              3,
              "experiments, runs, logged models; stages, aliases and tags of registered ones",
              TrackingSchema.STATEMENTS),
          new Migration(4, "accounts, tokens and invitations", IdentitySchema.STATEMENTS),
          new Migration(5, "promotions, evidence and policies", GovernanceSchema.STATEMENTS),
          new Migration(6, "webhooks", WebhookSchema.STATEMENTS),
          new Migration(7, "what accounts ask of deployments", ProtectionSchema.STATEMENTS),
          new Migration(
              8,
              "which promotions wait for a review",
              List.of(
                  "ALTER TABLE promotion ADD COLUMN review_by_micros BIGINT",
                  "CREATE INDEX promotion_review ON promotion (review_by_micros)")),
          new Migration(9, "references and cells", MonitoringSchema.STATEMENTS));

  private Migrations() {}

  /**
   * Brings a database's schema up to date.
   *
   * @param connection without auto-commit
   * @param backup run before the first migration of a database that is not empty; given its version
   * @return the version that it has now
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it; nothing has
   *     been changed then
   */
  static int run(Connection connection, Dialect dialect, InstantSource clock, IntConsumer backup) {
    int version = Transaction.run(connection, sql -> require(sql, dialect));
    if (version > 0 && version < ALL.getLast().version()) {
      backup.accept(version);
    }
    for (Migration migration : ALL) {
      if (migration.version() > version) {
        version =
            Transaction.run(
                connection,
                sql -> {
                  apply(sql, dialect, migration, clock.instant());
                  return migration.version();
                });
      }
    }
    return version;
  }

  /** The version that a database has; 0 when it is empty. */
  private static int require(SqlSession sql, Dialect dialect) {
    int version =
        dialect.hasTable(sql, "schema_version")
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

  private static void apply(SqlSession sql, Dialect dialect, Migration migration, Instant now) {
    if (migration.version() == 1) {
      sql.update(
          dialect.ddl(
              """
              CREATE TABLE schema_version (
                version INTEGER PRIMARY KEY,
                description ${text} NOT NULL,
                applied_micros BIGINT NOT NULL
              )\
              """));
    }
    migration.statements().forEach(statement -> sql.update(dialect.ddl(statement)));
    sql.update(
        "INSERT INTO schema_version (version, description, applied_micros) VALUES (?, ?, ?)",
        migration.version(),
        migration.description(),
        StoredTime.toMicros(now));
  }
}
