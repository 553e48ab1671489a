package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteControlStoreTest {
  @Test
  void everyCommitIsSyncedToTheDisk(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("control.db");
    try (SqliteControlStore store = new SqliteControlStore(file, InstantSource.system());
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
      assertThat(mode.getString(1)).isEqualTo("wal");
      assertThat(store.synchronousMode()).as("FULL").isEqualTo(2);
    }
  }

  @Test
  void aDatabaseOfANewerReleaseIsRefusedAndNotChanged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("control.db");
    new SqliteControlStore(file, InstantSource.system()).close();
    execute(file, "UPDATE flyway_schema_history SET version = '99' WHERE version = '8'");
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> new SqliteControlStore(file, InstantSource.system()))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining("schema 99, written by a newer Slipway");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFileThatIsNoDatabaseIsCalledDamaged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("control.db");
    byte[] text = new byte[8192];
    Arrays.fill(text, (byte) 'x');
    Files.write(file, text);

    assertThatThrownBy(() -> new SqliteControlStore(file, InstantSource.system()))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_CORRUPT));
    assertThat(Files.readAllBytes(file)).isEqualTo(text);
  }

  private static void execute(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
