package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same of SQLite and of a real PostgreSQL: databases of earlier releases, and of later ones.
 */
class MigrationOnBothTest {
  private static final MigrationFiles RELEASED = MigrationFiles.RELEASED;
  private static final MigrationFiles NEXT = with("V10__one_more_table.sql");
  private static final MigrationFiles BROKEN = with("V10__fails_half_way.sql");

  @TempDir Path folder;

  static Stream<Arguments> earlierDatabases() {
    return Arrays.stream(Dialect.values())
        .flatMap(
            dialect ->
                IntStream.rangeClosed(1, 8).mapToObj(version -> Arguments.of(dialect, version)));
  }

  @ParameterizedTest
  @MethodSource("earlierDatabases")
  void whatWasMadeBeforeFlywayIsTakenOverAfterACopyOfIt(Dialect dialect, int version)
      throws Exception {
    TestDatabase fresh = TestDatabase.create(dialect, folder);
    fresh.open(RELEASED).close();
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.createEarlier(version);
    DatabaseContent before = database.content();

    try (ControlStore store = database.open(RELEASED)) {
      assertThat(store.schemaVersion()).isEqualTo(RELEASED.newest());
      assertThat(store.<Long>read(ControlView::epoch)).isEqualTo(7);
    }

    DatabaseContent after = database.content();
    assertThat(after.withoutHistory().keeps(before.withoutHistory())).isTrue();
    assertThat(after.withoutHistory().schema())
        .isEqualTo(fresh.content().withoutHistory().schema());
    assertThat(after.rows()).doesNotContainKey(StoredSchema.EARLIER_HISTORY);
    assertThat(copies()).hasSize(1).allMatch(name -> name.startsWith("control-schema-" + version));

    database.open(RELEASED).close();
    assertThat(copies()).as("nothing to do any more").hasSize(1);
    assertThat(database.content()).isEqualTo(after);
  }

  @ParameterizedTest
  @EnumSource
  void theNextReleaseMigratesAndThisOneThenRefuses(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.open(RELEASED).close();
    assertThat(database.backups()).as("an empty database is not copied").doesNotExist();

    database.open(NEXT).close();
    assertThat(copies())
        .hasSize(1)
        .allMatch(name -> name.startsWith("control-schema-" + RELEASED.newest()));
    DatabaseContent newer = database.content();
    assertThat(newer.rows()).containsKey("one_more");

    assertThatThrownBy(() -> database.open(RELEASED))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining(
            "schema %d, written by a newer Slipway (expected: at most %d)"
                .formatted(NEXT.newest(), RELEASED.newest()));
    assertThat(database.content()).isEqualTo(newer);
    assertThat(copies()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void anEarlierDatabaseOfANewerReleaseIsRefused(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.createEarlier(8);
    database.execute("INSERT INTO schema_version VALUES (99, 'from the future', 0)");
    DatabaseContent before = database.content();

    assertThatThrownBy(() -> database.open(RELEASED))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining("schema 99, written by a newer Slipway");
    assertThat(database.content()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void aMigrationThatFailsLeavesTheDatabaseAsItWas(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.createEarlier(8);
    database.open(RELEASED).close();
    DatabaseContent before = database.content();

    assertThatThrownBy(() -> database.open(BROKEN))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
        .hasMessageContaining("no migration")
        .hasMessageContaining("not_there");

    assertThat(database.content()).isEqualTo(before);
    database.open(RELEASED).close();
    database.open(NEXT).close();
  }

  @ParameterizedTest
  @EnumSource
  void aMigrationThatWasEditedAfterItRanIsTold(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.open(RELEASED).close();
    database.execute(
        "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '3'");
    DatabaseContent before = database.content();

    assertThatThrownBy(() -> database.open(NEXT))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining("checksum mismatch for migration version 3")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("http");
    assertThat(database.content()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void aMigrationThatEndedHalfWayIsTold(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.open(RELEASED).close();
    database.execute("UPDATE flyway_schema_history SET success = FALSE WHERE version = '8'");
    DatabaseContent before = database.content();

    assertThatThrownBy(() -> database.open(RELEASED))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining("failed migration to version 8");
    assertThat(database.content()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void tablesOfOthersAreLeftAlone(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.execute("CREATE TABLE of_somebody_else (id INTEGER)");

    database.open(RELEASED).close();
    database.open(NEXT).close();
    assertThat(database.content().rows()).containsKeys("of_somebody_else", "one_more");
  }

  @ParameterizedTest
  @EnumSource
  void theTablesThatFilesNameAreThoseThatADatabaseHas(Dialect dialect) throws Exception {
    TestDatabase database = TestDatabase.create(dialect, folder);
    database.open(RELEASED).close();

    assertThat(database.content().withoutHistory().rows().keySet())
        .containsExactlyInAnyOrderElementsOf(RELEASED.tables(RELEASED.newest()));
  }

  private static MigrationFiles with(String next) {
    List<String> names = new ArrayList<>(RELEASED.names());
    names.add(next);
    return new MigrationFiles(names);
  }

  private List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      return files.map(found -> found.getFileName().toString()).toList();
    }
  }
}
