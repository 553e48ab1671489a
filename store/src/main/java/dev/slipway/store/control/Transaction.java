package dev.slipway.store.control;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

/** Work on one connection that happens as a whole or not at all. */
final class Transaction {
  private Transaction() {}

  /**
   * @param connection without auto-commit, used by nobody else meanwhile
   */
  static <T> T run(Connection connection, Function<SqlSession, T> work) {
    boolean committed = false;
    try {
      T result = work.apply(new SqlSession(connection));
      connection.commit();
      committed = true;
      return result;
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    } finally {
      if (!committed) {
        rollBack(connection);
      }
    }
  }

  static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The failure that led here is the one to tell; the database has rolled back by itself, or
      // the next statement says why it cannot.
    }
  }
}
