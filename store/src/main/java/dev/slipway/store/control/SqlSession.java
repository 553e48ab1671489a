package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL inside somebody's transaction, for the tables of one feature. Belongs to the thread that
 * holds the transaction, until that ends. SQL here is what SQLite and PostgreSQL both understand;
 * in both {@code LIKE} minds the case.
 */
public final class SqlSession {
  private static final int ROWS_FETCHED = 64;

  private final Connection connection;

  SqlSession(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the current row. */
  public interface RowReader<T> {
    /** Reads no further than the current row. */
    T read(ResultSet row) throws SQLException;
  }

  /** Every row, in order. */
  public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> values = new ArrayList<>();
      while (rows.next()) {
        values.add(reader.read(rows));
      }
      return values;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Looks at a row. */
  public interface RowVisitor {
    /** Reads no further than the current row. */
    void visit(ResultSet row) throws SQLException;
  }

  /** Shows every row in order, of which no more than {@value #ROWS_FETCHED} are held at a time. */
  public void each(String sql, RowVisitor visitor, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.setFetchSize(ROWS_FETCHED);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          visitor.visit(rows);
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The first row; empty if there is none. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return list(sql, reader, parameters).stream().findFirst();
  }

  /**
   * @return rows changed
   */
  public int update(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Runs one statement for each set of parameters, in order. */
  public void updateAll(String sql, List<@Nullable Object[]> parameterSets) {
    if (parameterSets.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] parameters : parameterSets) {
        for (int i = 0; i < parameters.length; i++) {
          statement.setObject(i + 1, parameters[i]);
        }
        statement.executeUpdate();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  /** The one place where a database's failure becomes ours. */
  static SlipwayException failed(SQLException e) {
    String text = String.valueOf(e.getMessage());
    String state = String.valueOf(e.getSQLState());
    boolean corrupt =
        text.contains("SQLITE_CORRUPT")
            || text.contains("SQLITE_NOTADB")
            || state.startsWith("XX001")
            || state.startsWith("XX002");
    return new SlipwayException(
        corrupt ? ErrorCode.STORE_CORRUPT : ErrorCode.STORE_UNAVAILABLE,
        (corrupt ? "the control database is damaged: " : "the control database failed: ") + text,
        e);
  }
}
