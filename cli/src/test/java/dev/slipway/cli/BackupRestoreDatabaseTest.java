package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.PostgresControlStore;
import dev.slipway.store.control.PostgresSettings;
import dev.slipway.testkit.store.RealPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupRestoreDatabaseTest {
  private final RealPostgres server = RealPostgres.shared();

  @TempDir Path folder = Path.of("");

  @Test
  void theCopyFromBeforeAMigrationIsPutIntoAnEmptyDatabaseOnly() throws Exception {
    server.create("migrated");
    try (ControlStore store = open("migrated")) {
      store.commit(
          work ->
              work.append(
                  AuditEntry.of(
                      new Actor.LocalCaller(),
                      "test.done",
                      new Subject("test", "x"),
                      Instant.EPOCH)));
    }
    pretendItWasMadeBeforeFlyway("migrated");
    open("migrated").close();
    server.create("restored");

    Shell.Result result = restore("restored");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains("schema 8; next:"));
    try (ControlStore store = open("restored")) {
      assertThat(store.<Long>read(ControlView::auditSize)).isEqualTo(1);
    }

    Shell.Result again = restore("restored");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("has tables already").doesNotContain("Exception");
  }

  private Shell.Result restore(String database) throws IOException {
    return new Shell(folder)
        .run(
            "backup",
            "restore-database",
            copy().toString(),
            "--database-url",
            server.url(database),
            "--database-user",
            "postgres");
  }

  private ControlStore open(String database) {
    return new PostgresControlStore(
        PostgresSettings.of(server.url(database), "postgres", null),
        folder.resolve(database),
        InstantSource.system());
  }

  private void pretendItWasMadeBeforeFlyway(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url(database), "postgres", "");
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE flyway_schema_history, model_reference, prediction_cell");
      statement.execute(
          "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, description TEXT NOT NULL,"
              + " applied_micros BIGINT NOT NULL)");
      statement.execute("INSERT INTO schema_version VALUES (8, 'the eighth', 0)");
    }
  }

  private Path copy() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("migrated"))) {
      return files.findFirst().orElseThrow();
    }
  }
}
