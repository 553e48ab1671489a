package dev.slipway.store.control;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * The control state in a PostgreSQL database: one connection makes changes and keeps other servers
 * away, a few look. Where the database cannot be reached both fail with STORE_UNAVAILABLE, and work
 * again when it can.
 *
 * <p>The lock belongs to the session, so a pooler between server and database has to pool sessions,
 * not transactions.
 */
public final class PostgresControlStore implements ControlStore {
  private final PostgresWriter writer;
  private final HikariDataSource readers;
  private final int schemaVersion;

  /**
   * Connects, and brings the schema up to date; what an older release has written is first copied
   * into a file.
   *
   * @param backups folder of such copies; {@link PostgresCopyReader} puts one back
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it,
   *     STORE_UNAVAILABLE if it cannot be reached or another server uses it
   */
  public PostgresControlStore(PostgresSettings settings, Path backups, InstantSource clock) {
    this(
        settings,
        new PostgresSource(settings)::getConnection,
        MigrationFiles.RELEASED,
        backups,
        clock);
  }

  PostgresControlStore(
      PostgresSettings settings,
      Connector connector,
      MigrationFiles migrations,
      Path backups,
      InstantSource clock) {
    this.writer = new PostgresWriter(serializable(connector), settings.waitMax());
    try {
      schemaVersion =
          writer.onConnection(
              connection ->
                  Migrations.run(
                      connection,
                      Dialect.POSTGRESQL,
                      migrations,
                      version ->
                          PostgresCopyWriter.write(
                              connection, migrations, version, backups, clock.instant())));
    } catch (SlipwayException e) {
      writer.close();
      throw e;
    }
    this.readers = new HikariDataSource(pool(settings));
  }

  static Connector serializable(Connector connector) {
    return () -> {
      Connection connection = connector.connect();
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      return connection;
    };
  }

  private static HikariConfig pool(PostgresSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("slipway-control");
    config.setDataSource(new PostgresSource(settings));
    config.setMaximumPoolSize(settings.readConnectionsMax());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(settings.waitMax().toMillis());
    // A database that is away at this moment is told by the first read.
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setReadOnly(true);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return config;
  }

  @Override
  public <T> T read(Function<? super ControlView, T> looking) {
    if (readers.isClosed()) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the control database is closed");
    }
    try {
      return readOnce(looking);
    } catch (SlipwayException e) {
      if (e.getCause() instanceof SQLException failure && PostgresWriter.isBroken(failure)) {
        // A connection that lay in the pool while the server went; looking again harms nothing.
        return readOnce(looking);
      }
      throw e;
    }
  }

  private <T> T readOnce(Function<? super ControlView, T> looking) {
    try (Connection connection = readers.getConnection()) {
      return Transaction.run(connection, sql -> looking.apply(new JdbcUnitOfWork(sql)));
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  @Override
  public <T> T commit(Function<? super UnitOfWork, T> change) {
    return writer.inTransaction(sql -> change.apply(new JdbcUnitOfWork(sql)));
  }

  @Override
  public boolean copyTo(Path file) {
    return false;
  }

  @Override
  public int schemaVersion() {
    return schemaVersion;
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
  }
}
