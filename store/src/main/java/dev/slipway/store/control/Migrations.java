package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.sql.Connection;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database's schema up to date. Each migration runs once, in one transaction with the row
 * that says so. Whether any has to run is asked without Flyway, which is loaded only then.
 *
 * <p>Databases of commits before Flyway counted in a table of their own. They are taken over at the
 * version that it says, and it is dropped at the end: such a commit then refuses the database,
 * instead of taking a later schema for its own.
 */
final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  private Migrations() {}

  /**
   * @param connection without auto-commit; the only one that is used
   * @param backup run before anything is changed in a database that is not empty; given its version
   * @return the version that it has now
   * @throws SlipwayException CONFIGURATION_INVALID if a newer release has written it, or its
   *     migrations are not those of this release; nothing has been changed then
   */
  static int run(Connection connection, Dialect dialect, MigrationFiles files, IntConsumer backup) {
    StoredSchema found = Transaction.run(connection, sql -> StoredSchema.read(sql, dialect));
    int newest = files.newest();
    if (found.version() > newest) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "control database: schema %d, written by a newer Slipway (expected: at most %d)"
              .formatted(found.version(), newest));
    }
    if (found.isCurrent(newest)) {
      return newest;
    }
    // A database that has the newest version already only keeps two histories, after a crash.
    if (found.version() > 0 && found.version() < newest) {
      backup.accept(found.version());
    }
    FlywayRun.migrate(connection, dialect, files, found.version());
    if (found.hasEarlierHistory()) {
      Transaction.run(connection, sql -> sql.update("DROP TABLE schema_version"));
    }
    if (found.version() > 0) {
      LOG.info("control database migrated from schema {} to {}", found.version(), newest);
    }
    return newest;
  }
}
