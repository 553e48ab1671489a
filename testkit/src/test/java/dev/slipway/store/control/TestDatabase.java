package dev.slipway.store.control;

import dev.slipway.testkit.store.RealPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** An empty database of either kind, in which a store and a test look at the same. */
record TestDatabase(Dialect dialect, Path folder, String name) {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

  static TestDatabase create(Dialect dialect, Path folder) {
    String name = "migrated_" + UUID.randomUUID().toString().replace('-', '_');
    if (dialect == Dialect.POSTGRESQL) {
      RealPostgres.shared().create(name);
    }
    return new TestDatabase(dialect, folder, name);
  }

  ControlStore open(MigrationFiles migrations) {
    InstantSource clock = InstantSource.fixed(NOON);
    return switch (dialect) {
      case SQLITE ->
          new SqliteControlStore(
              file(), () -> SqliteControlStore.connect(file()), migrations, clock);
      case POSTGRESQL -> {
        PostgresSettings settings = settings();
        yield new PostgresControlStore(
            settings, new PostgresSource(settings)::getConnection, migrations, backups(), clock);
      }
    };
  }

  Path file() {
    return folder.resolve(name + ".db");
  }

  Path backups() {
    return folder.resolve("backups");
  }

  PostgresSettings settings() {
    return new PostgresSettings(
        RealPostgres.shared().url(name), "postgres", null, 2, Duration.ofSeconds(1));
  }

  Connection connect() throws SQLException {
    return switch (dialect) {
      case SQLITE -> DriverManager.getConnection("jdbc:sqlite:" + file());
      case POSTGRESQL ->
          DriverManager.getConnection(RealPostgres.shared().url(name), "postgres", "");
    };
  }

  void createEarlier(int version) throws SQLException {
    try (Connection connection = connect()) {
      EarlierDatabase.create(connection, dialect, version);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect()) {
      EarlierDatabase.execute(connection, sql);
    }
  }

  DatabaseContent content() throws SQLException {
    try (Connection connection = connect()) {
      return DatabaseContent.of(connection, dialect);
    }
  }
}
