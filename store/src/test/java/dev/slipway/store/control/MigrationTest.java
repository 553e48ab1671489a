package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.VersionCard;
import dev.slipway.store.registry.RegistryTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database as release 0.1.0 made it, schema 1, with what it kept. */
class MigrationTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

  /** As they were released; not to be changed with the code. */
  private static final List<String> SCHEMA_1 =
      List.of(
          "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, description TEXT NOT NULL,"
              + " applied_micros BIGINT NOT NULL)",
          "CREATE TABLE registered_model (name TEXT PRIMARY KEY, latest_version INTEGER NOT NULL,"
              + " created_micros BIGINT NOT NULL)",
          "CREATE TABLE model_version (model TEXT NOT NULL REFERENCES registered_model (name),"
              + " version INTEGER NOT NULL, digest TEXT NOT NULL, format TEXT NOT NULL,"
              + " primary_file TEXT NOT NULL, signature TEXT NOT NULL, settings TEXT NOT NULL,"
              + " description TEXT NOT NULL, example_request TEXT NOT NULL,"
              + " size_bytes BIGINT NOT NULL, registered_micros BIGINT NOT NULL,"
              + " PRIMARY KEY (model, version))",
          "CREATE TABLE deployment (name TEXT PRIMARY KEY, model TEXT NOT NULL,"
              + " current_version INTEGER NOT NULL, previous_version INTEGER NOT NULL,"
              + " revision BIGINT NOT NULL, changed_micros BIGINT NOT NULL,"
              + " FOREIGN KEY (model, current_version) REFERENCES model_version (model, version))",
          "CREATE TABLE deployment_history (deployment TEXT NOT NULL, revision BIGINT NOT NULL,"
              + " kind TEXT NOT NULL, model TEXT NOT NULL, current_version INTEGER NOT NULL,"
              + " previous_version INTEGER NOT NULL, epoch BIGINT NOT NULL,"
              + " changed_micros BIGINT NOT NULL, PRIMARY KEY (deployment, revision))",
          "CREATE TABLE sequence_number (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
          "INSERT INTO schema_version VALUES (1, 'models, versions, deployments and their history',"
              + " 1764000000000000)",
          "INSERT INTO sequence_number VALUES ('epoch', 7)",
          "INSERT INTO registered_model VALUES ('fraud', 1, 1764000000000000)",
          "INSERT INTO model_version VALUES ('fraud', 1, 'sha256:"
              + "0123456789abcdef".repeat(4)
              + "', 'ONNX', 'model.onnx', '{\"inputs\":[],\"outputs\":[]}', '{}', 'Card fraud', '',"
              + " 12, 1764000000000000)",
          "INSERT INTO deployment VALUES ('live', 'fraud', 1, 0, 1, 1795521600123456)",
          "INSERT INTO deployment_history VALUES ('live', 1, 'DEPLOY', 'fraud', 1, 0, 7,"
              + " 1795521600123456)");

  @TempDir Path folder;

  @Test
  void whatTheFirstReleaseKeptIsCarriedOverAfterACopyOfIt() throws Exception {
    Path file = folder.resolve("control.db");
    execute(file, SCHEMA_1);

    try (SqliteControlStore store = new SqliteControlStore(file, InstantSource.fixed(NOON))) {
      assertThat(store.schemaVersion()).isEqualTo(MigrationFiles.RELEASED.newest());
      assertThat(store.<Long>read(ControlView::epoch)).isEqualTo(7);
      assertThat(store.<Long>read(ControlView::auditSize)).isZero();
      Optional<ContentDigest> state =
          store.read(view -> view.versionState(new ModelRef("fraud", 1)));
      assertThat(state).isPresent();
      Deployment live = new Deployment("live", Environment.DEV, "fraud", 1, 0, 1, NOON);
      Optional<Deployment> deployment = store.read(view -> view.deployment("live"));
      assertThat(deployment).contains(live);
      List<DeploymentChange> history = store.read(view -> view.history("live"));
      assertThat(history)
          .containsExactly(new DeploymentChange(live, DeploymentChange.Kind.DEPLOY, 7, null, null));
      VersionCard card =
          store
              .read(view -> new RegistryTables(view.sql()).version(new ModelRef("fraud", 1)))
              .orElseThrow()
              .card();
      assertThat(card.description()).isEqualTo("Card fraud");
      assertThat(card.source()).isEqualTo(VersionCard.FROZEN + "0123456789abcdef".repeat(4));
      assertThat(card.stage()).isEqualTo(VersionCard.NO_STAGE);
    }

    assertThat(backups()).containsExactly("control-schema-1-20261124T120000123Z.db");
    Path copy = folder.resolve("backups").resolve(backups().getFirst());
    assertThat(number(copy, "SELECT MAX(version) FROM schema_version")).isEqualTo(1);
    assertThat(number(copy, "SELECT COUNT(*) FROM deployment_history")).isEqualTo(1);
  }

  @Test
  void anEmptyOrCurrentDatabaseIsNotCopied() throws IOException {
    Path file = folder.resolve("control.db");
    new SqliteControlStore(file, InstantSource.system()).close();
    new SqliteControlStore(file, InstantSource.system()).close();

    assertThat(folder.resolve("backups")).doesNotExist();
  }

  private List<String> backups() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      return files.map(found -> found.getFileName().toString()).toList();
    }
  }

  private static void execute(Path file, List<String> statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static long number(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
