package dev.slipway.store.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Set;

/** Connections that tell of every statement and every commit, before it and after the last. */
final class StepByStep {
  private static final Set<String> STATEMENTS = Set.of("executeQuery", "executeUpdate", "commit");

  private StepByStep() {}

  /**
   * Connections of {@code connector} that run {@code step} before every statement and around every
   * commit.
   */
  static Connector around(Connector connector, Runnable step) {
    return () -> watched(Connection.class, connector.connect(), step);
  }

  private static <T> T watched(Class<T> type, T target, Runnable step) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              boolean counts = STATEMENTS.contains(method.getName());
              if (counts) {
                step.run();
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("commit")) {
                step.run();
              }
              return result instanceof PreparedStatement statement
                  ? watched(PreparedStatement.class, statement, step)
                  : result;
            }));
  }
}
