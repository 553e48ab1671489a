package dev.slipway.store.control;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Puts the copy that was made before a migration into an empty PostgreSQL database, which then is
 * as the copied one was: in its version of the schema, for the release that wrote it.
 */
public final class PostgresCopyReader {
  private static final int MANIFEST_BYTES_MAX = 1 << 20;

  private PostgresCopyReader() {}

  /**
   * Restores a copy. Every table's rows are compared with the manifest before the first one is
   * loaded; where loading fails, the database is empty again.
   *
   * @param copy made by this release or an earlier one
   * @param settings of a database without our tables, that no server uses
   * @return what it holds
   * @throws SlipwayException CONFIGURATION_INVALID if the database is not empty, or the copy of a
   *     newer release; STORE_CORRUPT if the file is no whole copy; STORE_UNAVAILABLE
   */
  public static PostgresCopyManifest restore(Path copy, PostgresSettings settings) {
    try (ZipFile zip = new ZipFile(copy.toFile());
        PostgresWriter writer =
            new PostgresWriter(
                PostgresControlStore.serializable(new PostgresSource(settings)::getConnection),
                settings.waitMax())) {
      PostgresCopyManifest manifest = manifest(zip);
      requireKnown(manifest, MigrationFiles.RELEASED);
      requireWhole(zip, manifest);
      writer.onConnection(
          connection -> {
            restoreOnce(connection, zip, manifest);
            return manifest;
          });
      return manifest;
    } catch (ZipException | IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "%s is no whole copy: %s".formatted(copy, e.getMessage()), e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "%s cannot be restored: %s".formatted(copy, e), e);
    }
  }

  private static PostgresCopyManifest manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(PostgresCopyManifest.NAME);
    if (entry == null) {
      throw new IllegalArgumentException("it has no manifest");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MANIFEST_BYTES_MAX + 1);
      if (bytes.length > MANIFEST_BYTES_MAX) {
        throw new IllegalArgumentException("its manifest is too long");
      }
      return PostgresCopyManifest.parse(bytes);
    }
  }

  private static void requireKnown(PostgresCopyManifest manifest, MigrationFiles files) {
    int version = manifest.schemaVersion();
    if (version > files.newest()) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "the copy has schema %d, of a newer Slipway (expected: at most %d)"
              .formatted(version, files.newest()));
    }
    if (version < 1) {
      throw new IllegalArgumentException("schema_version: %d (expected: >= 1)".formatted(version));
    }
    List<String> expected = files.tables(version);
    List<String> found = manifest.tables().stream().map(PostgresCopyManifest.Table::name).toList();
    List<String> withEarlierHistory = new ArrayList<>(expected);
    withEarlierHistory.add(StoredSchema.EARLIER_HISTORY);
    if (!found.equals(expected) && !found.equals(withEarlierHistory)) {
      throw new IllegalArgumentException(
          "its tables are %s (expected: %s)".formatted(found, expected));
    }
  }

  private static void requireWhole(ZipFile zip, PostgresCopyManifest manifest) throws IOException {
    for (PostgresCopyManifest.Table table : manifest.tables()) {
      MessageDigest digest = Sha256.create();
      try (InputStream rows = new DigestInputStream(rows(zip, table), digest)) {
        rows.transferTo(OutputStream.nullOutputStream());
      }
      ContentDigest found = ContentDigest.of(digest);
      if (!found.equals(table.digest())) {
        throw new IllegalArgumentException(
            "%s is %s (expected: %s)".formatted(table.entry(), found, table.digest()));
      }
    }
  }

  private static InputStream rows(ZipFile zip, PostgresCopyManifest.Table table)
      throws IOException {
    ZipEntry entry = zip.getEntry(table.entry());
    if (entry == null) {
      throw new IllegalArgumentException("it lacks " + table.entry());
    }
    return zip.getInputStream(entry);
  }

  private static void restoreOnce(
      Connection connection, ZipFile zip, PostgresCopyManifest manifest) {
    requireEmpty(connection);
    boolean done = false;
    try {
      MigrationFiles files = MigrationFiles.RELEASED.upTo(manifest.schemaVersion());
      FlywayRun.migrate(connection, Dialect.POSTGRESQL, files, 0);
      Transaction.run(connection, sql -> load(connection, sql, zip, manifest));
      done = true;
    } catch (SlipwayException e) {
      // With a cause of ours, so that the connection does not try again what is half done.
      throw new SlipwayException(e.code(), "not restored: " + e.getMessage(), e);
    } finally {
      if (!done) {
        empty(connection);
      }
    }
  }

  private static void requireEmpty(Connection connection) {
    List<String> ours = ours();
    List<String> found = Transaction.run(connection, sql -> Dialect.POSTGRESQL.tables(sql, ours));
    if (!found.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "the database has tables already, such as %s (expected: an empty one)"
              .formatted(found.getFirst()));
    }
  }

  private static List<String> ours() {
    List<String> ours =
        new ArrayList<>(MigrationFiles.RELEASED.tables(MigrationFiles.RELEASED.newest()));
    ours.add(StoredSchema.HISTORY);
    ours.add(StoredSchema.EARLIER_HISTORY);
    return ours;
  }

  private static boolean load(
      Connection connection, SqlSession sql, ZipFile zip, PostgresCopyManifest manifest) {
    List<String> made = MigrationFiles.RELEASED.tables(manifest.schemaVersion());
    // What migrations put in by themselves is in the copy too.
    sql.update("TRUNCATE " + String.join(", ", made));
    if (manifest.tables().size() > made.size()) {
      takeBack(sql);
    }
    try {
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      for (PostgresCopyManifest.Table table : manifest.tables()) {
        long rows;
        try (InputStream in = rows(zip, table)) {
          rows = copies.copyIn("COPY %s FROM STDIN".formatted(table.withColumns()), in);
        }
        if (rows != table.rows()) {
          throw new IllegalArgumentException(
              "%s has %d rows (expected: %d)".formatted(table.entry(), rows, table.rows()));
        }
      }
      return true;
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the copy cannot be read: " + e, e);
    }
  }

  /** The history as commits before Flyway kept it, for them. */
  private static void takeBack(SqlSession sql) {
    sql.update("DROP TABLE " + StoredSchema.HISTORY);
    sql.update(
        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, description TEXT COLLATE \"C\""
            + " NOT NULL, applied_micros BIGINT NOT NULL)");
  }

  private static void empty(Connection connection) {
    try {
      Transaction.run(
          connection,
          sql -> sql.update("DROP TABLE IF EXISTS " + String.join(", ", ours().reversed())));
    } catch (SlipwayException e) {
      // The failure that led here is the one to tell; another try says what is there.
    }
  }
}
