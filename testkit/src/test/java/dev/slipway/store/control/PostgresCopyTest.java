package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.testkit.store.RealPostgres;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The copy of a PostgreSQL database that is made before a migration, and the way back from it. */
class PostgresCopyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatAMigrationChangedIsPutBackIntoAnotherDatabase(int version) throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(version);
    DatabaseContent before = database.content();
    database.open(MigrationFiles.RELEASED).close();

    TestDatabase restored = postgres();
    PostgresCopyManifest manifest = PostgresCopyReader.restore(copy(), restored.settings());

    assertThat(manifest.schemaVersion()).isEqualTo(version);
    assertThat(manifest.createdAt()).isEqualTo(TestDatabase.NOON);
    assertThat(manifest.rows())
        .isEqualTo(before.rows().values().stream().mapToLong(List::size).sum());
    assertThat(restored.content()).isEqualTo(before);

    Files.delete(copy());
    restored.open(MigrationFiles.RELEASED).close();
    assertThat(restored.content().withoutHistory()).isEqualTo(database.content().withoutHistory());
  }

  @Test
  void whatFlywayCountedIsPutBackToo() throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(8);
    database.open(MigrationFiles.RELEASED).close();
    Files.delete(copy());
    DatabaseContent before = database.content();
    List<String> names = new ArrayList<>(MigrationFiles.RELEASED.names());
    names.add("V10__one_more_table.sql");
    database.open(new MigrationFiles(names)).close();

    TestDatabase restored = postgres();
    PostgresCopyReader.restore(copy(), restored.settings());

    assertThat(restored.content().withoutHistory()).isEqualTo(before.withoutHistory());
    Files.delete(copy());
    restored.open(MigrationFiles.RELEASED).close();
    assertThat(folder.resolve("backups")).as("it is up to date").isEmptyDirectory();
  }

  @Test
  void onlyItsOwnerMayReadIt() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copyOfVersion(3))))
        .isEqualTo("rw-------");
  }

  @Test
  void aDatabaseIsNotMigratedWithoutACopy() throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(7);
    DatabaseContent before = database.content();
    Files.writeString(database.backups(), "in the way");

    assertThatThrownBy(() -> database.open(MigrationFiles.RELEASED))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
        .hasMessageContaining("is not migrated, since no copy of it can be kept in");
    assertThat(database.content()).isEqualTo(before);
  }

  @Test
  void aCopyThatCannotBeReadWholeLeavesNoFile() throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(7);
    database.execute("DROP TABLE webhook");
    DatabaseContent before = database.content();

    assertThatThrownBy(() -> database.open(MigrationFiles.RELEASED))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("webhook");
    assertThat(database.content()).isEqualTo(before);
    assertThat(database.backups()).isEmptyDirectory();
  }

  @Test
  void aDatabaseWithTablesIsNotRestoredInto() throws Exception {
    Path copy = copyOfVersion(3);
    TestDatabase used = postgres();
    used.open(MigrationFiles.RELEASED).close();
    DatabaseContent before = used.content();

    assertRefused(copy, used, ErrorCode.CONFIGURATION_INVALID, "has tables already");
    assertThat(used.content()).isEqualTo(before);
  }

  @Test
  void aDatabaseThatAServerUsesIsNotRestoredInto() throws Exception {
    Path copy = copyOfVersion(3);
    TestDatabase used = postgres();
    try (ControlStore _ = used.open(MigrationFiles.RELEASED)) {
      assertRefused(copy, used, ErrorCode.STORE_UNAVAILABLE, "in use by another server");
    }
  }

  @Test
  void aDamagedCopyRestoresNothing() throws Exception {
    Path copy = copyOfVersion(3);
    byte[] bytes = Files.readAllBytes(copy);
    TestDatabase target = postgres();

    Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused(cut, target, ErrorCode.STORE_CORRUPT, "no whole copy");
    Path edited = Files.write(folder.resolve("edited.zip"), bytes);
    try (FileSystem zip = FileSystems.newFileSystem(edited)) {
      Files.writeString(zip.getPath("tables/run_param.copy"), "r1\tdepth\t7\n");
    }
    assertRefused(edited, target, ErrorCode.STORE_CORRUPT, "tables/run_param.copy is sha256:");
    assertThat(target.content().rows()).isEmpty();
  }

  @Test
  void rowsThatDoNotFitLeaveTheDatabaseEmpty() throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(3);
    // A row that the schema of the migrations does not allow.
    database.execute("ALTER TABLE run_param DROP CONSTRAINT run_param_run_id_fkey");
    database.execute("INSERT INTO run_param VALUES ('of no run', 'a', 'b')");
    database.open(MigrationFiles.RELEASED).close();
    TestDatabase target = postgres();

    assertRefused(copy(), target, ErrorCode.STORE_UNAVAILABLE, "run_param_run_id_fkey");
    assertThat(target.content().rows()).isEmpty();
  }

  private static void assertRefused(Path copy, TestDatabase target, ErrorCode code, String words) {
    assertThatThrownBy(() -> PostgresCopyReader.restore(copy, target.settings()))
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private Path copyOfVersion(int version) throws Exception {
    TestDatabase database = postgres();
    database.createEarlier(version);
    database.open(MigrationFiles.RELEASED).close();
    return copy();
  }

  private TestDatabase postgres() {
    RealPostgres.shared();
    return TestDatabase.create(Dialect.POSTGRESQL, folder);
  }

  private Path copy() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }
}
