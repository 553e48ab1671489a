package dev.slipway.store.control;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections, each with the password that the file has at that moment. */
final class PostgresSource extends PGSimpleDataSource {
  /** A connection on which nothing arrives for so long is taken for dead. */
  private static final int SILENCE_SECONDS_MAX = 30;

  private final transient PostgresSettings settings;

  PostgresSource(PostgresSettings settings) {
    this.settings = settings;
    setURL(settings.url());
    setApplicationName("slipway");
    setConnectTimeout(Math.toIntExact(Math.max(1, settings.waitMax().toSeconds())));
    setLoginTimeout(Math.toIntExact(Math.max(1, settings.waitMax().toSeconds())));
    setSocketTimeout(SILENCE_SECONDS_MAX);
    setTcpKeepAlive(true);
  }

  @Override
  public Connection getConnection() throws SQLException {
    String user = settings.user().isEmpty() ? System.getProperty("user.name") : settings.user();
    return getConnection(user, password());
  }

  private String password() throws SQLException {
    if (settings.passwordFile() == null) {
      return "";
    }
    try {
      return Files.readString(settings.passwordFile()).strip();
    } catch (IOException e) {
      throw new SQLException(
          "the password file %s cannot be read: %s".formatted(settings.passwordFile(), e), e);
    }
  }
}
