package dev.slipway.testkit.store;

import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.PostgresControlStore;
import dev.slipway.store.control.PostgresSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server that runs as long as the tests of this process. Its administrator is {@code
 * postgres}, without a password.
 */
public final class RealPostgres {
  private static @Nullable RealPostgres shared;

  /** By the folder that stands for each. */
  private static final Map<Path, String> DATABASES = new HashMap<>();

  private final EmbeddedPostgres server;

  private RealPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /** The server; where none can run, the test that asks is skipped with the reason. */
  public static synchronized RealPostgres shared() {
    String system =
        (System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .toLowerCase(Locale.ROOT);
    Assumptions.assumeTrue(
        system.equals("linux amd64"), "needs the PostgreSQL binaries, which are for linux amd64");
    if (shared == null) {
      try {
        shared = new RealPostgres(EmbeddedPostgres.builder().start());
      } catch (IOException e) {
        throw new UncheckedIOException("PostgreSQL does not start", e);
      }
    }
    return shared;
  }

  /** Opens the store of a folder: the same database whenever it is the same folder. */
  static synchronized ControlStore open(Path root) {
    RealPostgres server = shared();
    String database =
        DATABASES.computeIfAbsent(
            root,
            path -> {
              String name = "of_folder_" + DATABASES.size();
              server.create(name);
              return name;
            });
    return new PostgresControlStore(
        PostgresSettings.of(server.url(database), "postgres", null),
        root.resolve("backups"),
        InstantSource.system());
  }

  /** Makes an empty database. */
  public void create(String database) {
    execute("CREATE DATABASE " + database);
  }

  public String url(String database) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
  }

  /** Ends every session of a database, as a restart of the server does. */
  public void disconnect(String database) {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database
            + "'");
  }

  /** Takes a database away, or brings it back. */
  public void allowConnections(String database, boolean allowed) {
    execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS " + allowed);
    if (!allowed) {
      disconnect(database);
    }
  }

  /** Does something as the administrator. */
  public void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
