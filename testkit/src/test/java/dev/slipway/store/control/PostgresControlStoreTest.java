package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.testkit.store.RealPostgres;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only the PostgreSQL store has to do: keep others away, and live through lost connections.
 */
class PostgresControlStoreTest {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @TempDir Path folder;
  private RealPostgres server;
  private String database;

  @BeforeEach
  void createDatabase() {
    server = RealPostgres.shared();
    database = "store_" + DATABASES.incrementAndGet();
    server.create(database);
  }

  @Test
  void twoServersDoNotUseOneDatabase() {
    try (PostgresControlStore first = open(settings())) {
      assertUnavailable(() -> open(settings()), "in use by another server");
      append(first);
    }
    try (PostgresControlStore second = open(settings())) {
      assertThat(append(second)).isEqualTo(1);
    }
  }

  @Test
  void lostConnectionsAreMadeAgain() {
    try (PostgresControlStore store = open(settings())) {
      append(store);
      for (int i = 0; i < 3; i++) {
        server.disconnect(database);
        assertThat(append(store)).isEqualTo(i + 1);
        assertThat(size(store)).isEqualTo(i + 2);
      }
    }
  }

  @Test
  void aDatabaseThatIsAwayIsToldAndUsedAgainWhenItIsBack() {
    try (PostgresControlStore store = open(settings())) {
      append(store);
      server.allowConnections(database, false);
      assertUnavailable(() -> append(store), "the control database failed");
      assertUnavailable(() -> size(store), "");

      server.allowConnections(database, true);
      assertThat(append(store)).isEqualTo(1);
      assertThat(size(store)).isEqualTo(2);
    }
  }

  @Test
  void aServerThatLostTheDatabaseToAnotherDoesNotWriteAnyMore() {
    try (PostgresControlStore first = open(settings())) {
      append(first);
      server.disconnect(database);
      try (PostgresControlStore second = open(settings())) {
        append(second);
        assertUnavailable(() -> append(first), "in use by another server");
        assertThat(size(second)).isEqualTo(2);
      }
      assertThat(append(first)).isEqualTo(2);
    }
  }

  @Test
  void aCommitWhoseAnswerWasLostIsNotMadeTwice() {
    AtomicBoolean armed = new AtomicBoolean();
    Connector losing =
        () -> losingAnAnswer(new PostgresSource(settings()).getConnection(), armed, true);
    try (PostgresControlStore store = open(settings(), losing)) {
      append(store);
      armed.set(true);
      assertThat(append(store)).isEqualTo(1);
      assertThat(armed).as("the answer was lost").isFalse();
      assertThat(size(store)).isEqualTo(2);
    }
  }

  @Test
  void aCommitThatWasLostIsMadeAgain() {
    AtomicBoolean armed = new AtomicBoolean();
    Connector losing =
        () -> losingAnAnswer(new PostgresSource(settings()).getConnection(), armed, false);
    try (PostgresControlStore store = open(settings(), losing)) {
      append(store);
      armed.set(true);
      assertThat(append(store)).isEqualTo(1);
      assertThat(armed).as("the commit was lost").isFalse();
      assertThat(size(store)).isEqualTo(2);
    }
  }

  @Test
  void thePasswordIsReadFromItsFileForEachConnection() throws Exception {
    server.execute("CREATE ROLE reader_" + database + " LOGIN PASSWORD 'first'");
    server.execute("ALTER DATABASE " + database + " OWNER TO reader_" + database);
    requirePassword("reader_" + database);
    Path file = Files.writeString(folder.resolve("password"), "first\n");
    PostgresSettings settings =
        PostgresSettings.of(server.url(database), "reader_" + database, file);
    try (PostgresControlStore store = open(settings)) {
      append(store);
      server.execute("ALTER ROLE reader_" + database + " PASSWORD 'second'");
      server.disconnect(database);
      assertUnavailable(() -> append(store), "password authentication failed");

      Files.writeString(file, "second");
      assertThat(append(store)).isEqualTo(1);
    }
  }

  /** Lets the server ask this role for its password, which it does of nobody otherwise. */
  private void requirePassword(String role) throws SQLException, IOException {
    Path rules;
    try (Connection connection =
            DriverManager.getConnection(server.url("postgres"), "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW hba_file")) {
      row.next();
      rules = Path.of(row.getString(1));
    }
    String before = Files.readString(rules);
    Files.writeString(rules, "host all %s all scram-sha-256\n%s".formatted(role, before));
    server.execute("SELECT pg_reload_conf()");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (entersWithoutPassword(role)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the server did not read its rules within 10 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private boolean entersWithoutPassword(String role) {
    try {
      DriverManager.getConnection(server.url(database), role, "wrong").close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** A connection that breaks at a commit while armed: after it was made, or before. */
  private static Connection losingAnAnswer(
      Connection connection, AtomicBoolean armed, boolean committed) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commit") && armed.compareAndSet(true, false)) {
                if (committed) {
                  connection.commit();
                }
                connection.close();
                throw new SQLException("An I/O error occurred", "08006");
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private PostgresSettings settings() {
    return new PostgresSettings(server.url(database), "postgres", null, 2, Duration.ofSeconds(1));
  }

  private PostgresControlStore open(PostgresSettings settings) {
    return new PostgresControlStore(settings, folder.resolve("backups"), InstantSource.system());
  }

  private PostgresControlStore open(PostgresSettings settings, Connector connector) {
    return new PostgresControlStore(
        settings,
        connector,
        MigrationFiles.RELEASED,
        folder.resolve("backups"),
        InstantSource.system());
  }

  private static long append(PostgresControlStore store) {
    return store.commit(
        work ->
            work.append(
                AuditEntry.of(
                    new Actor.LocalCaller(),
                    "test.done",
                    new Subject("test", "x"),
                    Instant.EPOCH)));
  }

  private static long size(PostgresControlStore store) {
    return store.read(ControlView::auditSize);
  }

  private static void assertUnavailable(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
        .hasMessageContaining(words);
  }
}
