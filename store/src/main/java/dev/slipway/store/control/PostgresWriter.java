package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that makes changes. It holds an advisory lock of its session, so that of two
 * servers on one database only one writes; and since the change travels on the connection that
 * holds the lock, a server whose connection broke cannot write any more without asking for the lock
 * again.
 *
 * <p>A connection that breaks before the commit has changed nothing, and the change is made again
 * on a new one. Where it breaks during the commit, the new one asks the database how that ended.
 */
final class PostgresWriter implements AutoCloseable {
  /** The bytes of SLIPWAY1: the same for all servers, within each database. */
  private static final long LOCK = 0x534C_4950_5741_5931L;

  private static final int ATTEMPTS_MAX = 3;
  private static final long LOCK_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Connector connector;
  private final Duration wait;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Connection connection;
  private boolean closed;

  PostgresWriter(Connector connector, Duration wait) {
    this.connector = connector;
    this.wait = wait;
  }

  <T> T inTransaction(Function<SqlSession, T> work) {
    return withConnection(open -> attempt(open, work));
  }

  /** Work that makes its own transactions, and may take long without a word from the database. */
  <T> T onConnection(Function<Connection, T> work) {
    return withConnection(open -> new Outcome<>(patiently(open, work), null));
  }

  private static <T> T patiently(Connection connection, Function<Connection, T> work) {
    try {
      int silenceMillis = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, 0);
      T result = work.apply(connection);
      connection.setNetworkTimeout(Runnable::run, silenceMillis);
      return result;
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  private <T> T withConnection(Function<Connection, Outcome<T>> work) {
    turn.lock();
    try {
      if (turn.getHoldCount() > 1) {
        throw new IllegalStateException("a transaction inside a transaction");
      }
      for (int attempt = 1; ; attempt++) {
        Outcome<T> outcome;
        try {
          outcome = work.apply(connected());
        } catch (SlipwayException e) {
          if (attempt == ATTEMPTS_MAX || !mayTryAgain(e.getCause())) {
            throw e;
          }
          continue;
        }
        if (outcome.doubt == null || wasCommitted(outcome.doubt)) {
          return outcome.result;
        }
        if (attempt == ATTEMPTS_MAX) {
          throw SqlSession.failed(outcome.doubt.failure);
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * How a transaction ended.
   *
   * @param doubt null if it was committed
   */
  private record Outcome<T>(T result, @Nullable Doubt doubt) {}

  /** A commit that was sent, and whose answer did not arrive. */
  private record Doubt(String transaction, SQLException failure) {}

  private static <T> Outcome<T> attempt(Connection connection, Function<SqlSession, T> work) {
    boolean ended = false;
    try {
      SqlSession sql = new SqlSession(connection);
      T result = work.apply(sql);
      String transaction =
          sql.first("SELECT pg_current_xact_id()::text", row -> row.getString(1)).orElseThrow();
      ended = true;
      try {
        connection.commit();
        return new Outcome<>(result, null);
      } catch (SQLException e) {
        if (isBroken(e)) {
          return new Outcome<>(result, new Doubt(transaction, e));
        }
        ended = false;
        throw SqlSession.failed(e);
      }
    } finally {
      if (!ended) {
        Transaction.rollBack(connection);
      }
    }
  }

  /** Asks on a new connection. It has the lock, so the old session, and its commit, have ended. */
  private boolean wasCommitted(Doubt doubt) {
    drop();
    try {
      return Transaction.run(
          connected(),
          sql ->
              sql.first(
                      "SELECT pg_xact_status(?::xid8)",
                      row -> "committed".equals(row.getString(1)),
                      doubt.transaction)
                  .orElse(false));
    } catch (SlipwayException e) {
      e.addSuppressed(doubt.failure);
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE,
          "the connection to the control database broke while a change was committed; it was made"
              + " as a whole or not at all, look which",
          e);
    }
  }

  private boolean mayTryAgain(@Nullable Throwable cause) {
    if (!(cause instanceof SQLException failure)) {
      return false;
    }
    String state = String.valueOf(failure.getSQLState());
    // Serialization failure and deadlock: nothing was changed, and it may work now.
    return state.equals("40001") || state.equals("40P01") || (isBroken(failure) && drop());
  }

  /** Lets a broken connection go; false if there was none, so that another would break too. */
  private boolean drop() {
    Connection broken = connection;
    connection = null;
    if (broken == null) {
      return false;
    }
    closeQuietly(broken);
    return true;
  }

  static boolean isBroken(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    // 08: connection exception. 57P: the server shuts the session down.
    return state.startsWith("08") || state.startsWith("57P");
  }

  private Connection connected() {
    if (closed) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the control database is closed");
    }
    Connection open = connection;
    try {
      if (open != null && !open.isClosed()) {
        return open;
      }
      drop();
      Connection made = connector.connect();
      try {
        made.setAutoCommit(false);
        takeLock(made);
      } catch (SQLException | RuntimeException e) {
        closeQuietly(made);
        throw e;
      }
      connection = made;
      return made;
    } catch (SQLException e) {
      throw SqlSession.failed(e);
    }
  }

  private void takeLock(Connection made) throws SQLException {
    long end = System.nanoTime() + wait.toNanos();
    while (!Transaction.run(
        made,
        sql ->
            sql.first("SELECT pg_try_advisory_lock(?)", row -> row.getBoolean(1), LOCK)
                .orElse(false))) {
      if (System.nanoTime() > end) {
        throw new SlipwayException(
            ErrorCode.STORE_UNAVAILABLE,
            "the control database is in use by another server (expected: one server for each)");
      }
      // The session of a server that ended a moment ago may still be there.
      LockSupport.parkNanos(LOCK_POLL_NANOS);
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is broken or given up; nothing depends on how it ends.
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      drop();
    } finally {
      turn.unlock();
    }
  }
}
