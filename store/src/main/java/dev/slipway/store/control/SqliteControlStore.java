package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
  private final Guarded writing;
  private final Guarded reading;
  private final int schemaVersion;

  /**
   * Opens or creates the database and brings its schema up to date.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it,
   *     STORE_UNAVAILABLE or STORE_CORRUPT if it cannot be opened
   */
  public SqliteControlStore(Path file, InstantSource clock) {
    this(() -> connect(file), clock);
  }

  SqliteControlStore(Connector connector, InstantSource clock) {
    Connection first = connect(connector);
    try {
      schemaVersion = migrate(first, clock);
    } catch (SlipwayException e) {
      close(first);
      throw e;
    }
    this.writing = new Guarded(first);
    this.reading = new Guarded(connect(connector));
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

  private static int migrate(Connection connection, InstantSource clock) {
    boolean hasSchema =
        Transaction.run(
            connection,
            sql ->
                sql.first(
                        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
                        row -> true,
                        "schema_version")
                    .isPresent());
    int version = Transaction.run(connection, sql -> Migrations.require(sql, hasSchema));
    for (Migrations.Migration migration : Migrations.ALL) {
      if (migration.version() > version) {
        Transaction.run(
            connection,
            sql -> {
              Migrations.apply(sql, migration, clock.instant());
              return migration.version();
            });
        version = migration.version();
      }
    }
    return version;
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
