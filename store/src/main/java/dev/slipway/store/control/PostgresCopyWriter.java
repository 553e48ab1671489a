package dev.slipway.store.control;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import dev.slipway.store.files.PrivateFile;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Copies the rows of all our tables in a PostgreSQL database into one zip file that only its owner
 * may read. Their tables are not in it: the migrations up to the same version make them again.
 */
final class PostgresCopyWriter {
  private PostgresCopyWriter() {}

  /**
   * Writes a copy of one state of the database. The file has its name only when it is whole and on
   * the disk.
   *
   * @param connection without auto-commit, in an isolation that lets a transaction see one state
   * @param version that the database has
   * @return the file
   * @throws SlipwayException STORE_UNAVAILABLE if something cannot be read or written
   */
  static Path write(
      Connection connection, MigrationFiles files, int version, Path folder, Instant now) {
    Path file = folder.resolve(CopyName.of(version, now, "zip"));
    Path written = folder.resolve(file.getFileName() + ".new");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(written);
      try (FileChannel channel = PrivateFile.create(written);
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel))) {
        zip.setLevel(Deflater.BEST_SPEED);
        // Not in a transaction of Transaction.run, since what fails here may be the file.
        write(connection, files, version, zip, now);
        zip.finish();
        channel.force(true);
      }
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(folder);
      return file;
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE,
          "the control database is not migrated, since no copy of it can be kept in %s: %s"
              .formatted(folder, e),
          e);
    } finally {
      // It has only read; and where it did not come so far, the statement that failed is undone.
      Transaction.rollBack(connection);
      delete(written);
    }
  }

  private static void write(
      Connection connection, MigrationFiles files, int version, ZipOutputStream zip, Instant now)
      throws SQLException, IOException {
    SqlSession sql = new SqlSession(connection);
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    // A table can only refer to one that was made before it.
    List<String> names = new ArrayList<>(files.tables(version));
    names.addAll(Dialect.POSTGRESQL.tables(sql, List.of(StoredSchema.EARLIER_HISTORY)));
    List<PostgresCopyManifest.Table> tables = new ArrayList<>();
    for (String name : names) {
      tables.add(table(sql, copies, name, zip));
    }
    zip.putNextEntry(new ZipEntry(PostgresCopyManifest.NAME));
    zip.write(new PostgresCopyManifest(now, version, tables).toBytes());
    zip.closeEntry();
  }

  private static PostgresCopyManifest.Table table(
      SqlSession sql, CopyManager copies, String name, ZipOutputStream zip)
      throws SQLException, IOException {
    List<String> columns =
        sql.list(
            "SELECT column_name FROM information_schema.columns WHERE table_schema ="
                + " current_schema() AND table_name = ? ORDER BY ordinal_position",
            row -> row.getString(1),
            name);
    if (columns.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "the control database lacks the table %s that its schema has".formatted(name));
    }
    zip.putNextEntry(new ZipEntry(PostgresCopyManifest.Table.entry(name)));
    MessageDigest digest = Sha256.create();
    long rows =
        copies.copyOut(
            "COPY %s TO STDOUT".formatted(PostgresCopyManifest.Table.withColumns(name, columns)),
            new DigestOutputStream(new Unclosed(zip), digest));
    zip.closeEntry();
    return new PostgresCopyManifest.Table(name, columns, rows, ContentDigest.of(digest));
  }

  /** One entry of a zip: closing it is not closing the zip. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream zip) {
      super(zip);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() {}
  }

  private static void delete(Path written) {
    try {
      Files.deleteIfExists(written);
    } catch (IOException e) {
      // It is never taken for a copy.
    }
  }
}
