package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The control state in one SQLite file, in WAL mode with {@code synchronous=FULL}: a commit is on
 * the disk when it returns.
 *
 * <p>Two connections, each behind its lock: one makes changes, so that they never meet SQLITE_BUSY;
 * the other looks, and WAL lets it look while a change goes on. The folder's lock keeps other
 * processes away.
 */
public final class SqliteControlStore implements ControlStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteControlStore.class);

  private final Guarded writing;
  private final Guarded reading;
  private final Connector connector;
  private final int schemaVersion;

  /**
   * Opens or creates the database and brings its schema up to date; what an older release has
   * written is first copied into {@code backups/} beside it.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it,
   *     STORE_UNAVAILABLE or STORE_CORRUPT if it cannot be opened
   */
  public SqliteControlStore(Path file, InstantSource clock) {
    this(file, () -> connect(file), MigrationFiles.RELEASED, clock);
  }

  SqliteControlStore(
      Path file, Connector connector, MigrationFiles migrations, InstantSource clock) {
    Connection first = connect(connector);
    try {
      schemaVersion =
          Migrations.run(
              first, Dialect.SQLITE, migrations, version -> backUp(first, file, version, clock));
    } catch (SlipwayException e) {
      close(first);
      throw e;
    }
    this.writing = new Guarded(first);
    this.reading = new Guarded(connect(connector));
    this.connector = connector;
  }

  @Override
  public <T> T read(Function<? super ControlView, T> looking) {
    return reading.inTransaction(sql -> looking.apply(new JdbcUnitOfWork(sql)));
  }

  @Override
  public <T> T commit(Function<? super UnitOfWork, T> change) {
    return writing.inTransaction(sql -> change.apply(new JdbcUnitOfWork(sql)));
  }

  @Override
  public boolean copyTo(Path copy) {
    // A connection of its own, so that neither readers nor writers wait for the copy.
    Connection connection = connect(connector);
    try {
      vacuumInto(connection, copy);
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    } finally {
      close(connection);
    }
    return true;
  }

  /** Not inside a transaction; the connection is back in one afterwards. */
  private static void vacuumInto(Connection connection, Path copy) throws SQLException {
    connection.setAutoCommit(true);
    try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, copy.toString());
      vacuum.execute();
    } finally {
      connection.setAutoCommit(false);
    }
  }

  @Override
  public int schemaVersion() {
    return schemaVersion;
  }

  @Override
  public void close() {
    reading.close();
    writing.close();
  }

  /** SQLite's number for how hard it syncs; 2 is FULL. */
  int synchronousMode() {
    return writing.inTransaction(
        sql -> sql.first("PRAGMA synchronous", row -> row.getInt(1)).orElse(0));
  }

  private static Connection connect(Connector connector) {
    try {
      return connector.connect();
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.enableCaseSensitiveLike(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * Copies the database into {@code backups/} beside it. The copy has its name only when it is
   * whole and on the disk.
   */
  private static void backUp(Connection connection, Path file, int version, InstantSource clock) {
    Path folder = file.toAbsolutePath().resolveSibling("backups");
    String name = CopyName.of(version, clock.instant(), "db");
    Path written = folder.resolve(name + ".new");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(written);
      vacuumInto(connection, written);
      try (FileChannel copy = FileChannel.open(written, StandardOpenOption.WRITE)) {
        copy.force(true);
      }
      Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(folder);
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE,
          "the control database is not migrated, since no copy of it can be kept in %s: %s"
              .formatted(folder, e),
          e);
    } finally {
      discard(written);
    }
  }

  /** What is left of a copy that failed, which would take the space that the next one needs. */
  private static void discard(Path written) {
    try {
      Files.deleteIfExists(written);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", written, e.toString());
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  /** A connection that one thread uses at a time. */
  private static final class Guarded {
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    Guarded(Connection connection) {
      this.connection = connection;
    }

    <T> T inTransaction(Function<SqlSession, T> work) {
      lock.lock();
      try {
        if (closed) {
          throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the control database is closed");
        }
        if (lock.getHoldCount() > 1) {
          throw new IllegalStateException("a transaction inside a transaction");
        }
        return Transaction.run(connection, work);
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          SqliteControlStore.close(connection);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
