package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/**
 * One run of Flyway on a connection that somebody holds. With {@link MigrationResources} the only
 * class that names one of Flyway's.
 */
final class FlywayRun {
  private FlywayRun() {}

  /**
   * Runs what a database lacks. Before that, the checksums of what it has had are compared with the
   * files.
   *
   * @param connection without auto-commit, as it is again afterwards
   * @param found version of a database that has no history yet; 0 if it is empty
   */
  static void migrate(Connection connection, Dialect dialect, MigrationFiles files, int found) {
    boolean done = false;
    try {
      flyway(connection, dialect, files, found).migrate();
      done = true;
    } catch (FlywayException e) {
      throw failed(e);
    } finally {
      if (!done) {
        Transaction.rollBack(connection);
      }
      holdTransactions(connection);
    }
  }

  private static Flyway flyway(
      Connection connection, Dialect dialect, MigrationFiles files, int found) {
    FluentConfiguration configuration =
        Flyway.configure(FlywayRun.class.getClassLoader())
            .loggers("slf4j")
            .dataSource(new LentConnection(connection))
            .table(StoredSchema.HISTORY)
            .placeholders(dialect.placeholders())
            .createSchemas(false)
            .cleanDisabled(true)
            // Neither the class path nor a folder is searched.
            .locations(new String[0])
            .resourceProvider(new MigrationResources(files))
            .javaMigrationClassProvider(List::of)
            // Others may have tables in the same schema. Where there is no history yet, it begins
            // with what was found, which is 0 in a database without ours.
            .baselineOnMigrate(true)
            .baselineVersion(Integer.toString(found))
            .baselineDescription("what was there before");
    // Its transaction would end with the first migration, since there is one connection; and that
    // one holds a lock already.
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private static void holdTransactions(Connection connection) {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  private static SlipwayException failed(FlywayException e) {
    if (e instanceof FlywayValidateException) {
      return new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "control database: what it was migrated by is not what this release has: "
              + oneLine(e.getMessage()),
          e);
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException failure) {
        SlipwayException told = SqlSession.failed(failure);
        return new SlipwayException(
            told.code(), "control database: no migration: " + told.getMessage(), failure);
      }
    }
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE,
        "control database: no migration: " + oneLine(e.getMessage()),
        e);
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message)
        .lines()
        .map(String::strip)
        // Lines with links advertise other editions.
        .filter(line -> !line.isEmpty() && !line.contains("http"))
        .collect(Collectors.joining("; "));
  }
}
