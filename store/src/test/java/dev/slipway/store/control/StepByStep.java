package dev.slipway.store.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Set;

/** Puts a step before each call of a method that changes something. */
final class StepByStep {
  private static final Set<String> STATEMENTS = Set.of("executeQuery", "executeUpdate", "commit");

  private StepByStep() {}

  /** Connections of {@code connector} that run {@code step} before every statement and commit. */
  static Connector around(Connector connector, Runnable step) {
    return () -> around(Connection.class, connector.connect(), step, STATEMENTS);
  }

  /** What {@code target} does, with {@code step} before each call of these methods. */
  static <T> T around(Class<T> type, T target, Runnable step, Set<String> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (methods.contains(method.getName())) {
                step.run();
              }
              try {
                Object result = method.invoke(target, arguments);
                return result instanceof PreparedStatement statement
                    ? around(PreparedStatement.class, statement, step, methods)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
