package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationFilesTest {
  @Test
  void everyFileIsInTheListAndNothingElse() throws Exception {
    Path first =
        Path.of(
            MigrationFiles.class
                .getResource("migration/" + MigrationFiles.RELEASED.names().getFirst())
                .toURI());
    try (Stream<Path> files = Files.list(first.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(MigrationFiles.RELEASED.names());
    }
  }

  /** What databases have kept. A change here is an edit of what was released. */
  @Test
  void releasedFilesAreNotEdited(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("control.db");
    new SqliteControlStore(file, InstantSource.system()).close();
    List<String> checksums = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT version, checksum FROM flyway_schema_history ORDER BY installed_rank")) {
      while (row.next()) {
        checksums.add(row.getString("version") + ": " + row.getInt("checksum"));
      }
    }
    assertThat(checksums)
        .containsExactly(
            "1: -550934716",
            "2: -1675171245",
            "3: 983335846",
            "4: -1954348586",
            "5: -815087774",
            "6: -1648653114",
            "7: 1788943004",
            "8: -1182821636",
            "9: 1538786569");
  }

  @Test
  void versionsCountWithoutAGap() {
    assertThatThrownBy(() -> new MigrationFiles(List.of("V1__a.sql", "V3__c.sql")))
        .hasMessage("migration 'V3__c.sql' (expected: V2__....sql)");
  }
}
