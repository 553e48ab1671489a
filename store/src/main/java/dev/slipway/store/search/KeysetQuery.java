package dev.slipway.store.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Page;
import dev.slipway.store.control.SqlSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A search whose pages continue after the last row of the page before, by value, so that a page far
 * down costs what the first one costs, and rows that come or go meanwhile neither repeat nor hide
 * others. The order must end in something unique. Not thread-safe.
 */
public final class KeysetQuery {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String select;
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> conditionParameters = new ArrayList<>();
  private final List<Key> keys = new ArrayList<>();
  private final List<Object> keyParameters = new ArrayList<>();

  private record Key(String expression, boolean ascending) {}

  private record Row<T>(T value, List<Object> keys) {}

  /**
   * @param select columns and tables: {@code r.* FROM run r}
   */
  public KeysetQuery(String select) {
    this.select = select;
  }

  /** Keeps only the rows that fulfil this too. */
  public KeysetQuery where(String condition, Object... parameters) {
    return where(new Condition(condition, List.of(parameters)));
  }

  /** Keeps only the rows that fulfil this too. */
  public KeysetQuery where(Condition condition) {
    conditions.add("(" + condition.sql() + ")");
    conditionParameters.addAll(condition.parameters());
    return this;
  }

  /**
   * Orders by this, where what came before is equal; again by the same changes nothing.
   *
   * @param expression an SQL expression of ours, never null
   */
  public KeysetQuery orderBy(String expression, boolean ascending, Object... parameters) {
    if (parameters.length == 0
        && keys.stream().anyMatch(key -> key.expression().equals(expression))) {
      return this;
    }
    keys.add(new Key(expression, ascending));
    keyParameters.addAll(List.of(parameters));
    return this;
  }

  /**
   * One page.
   *
   * @param token of the page before; empty for the first page
   * @param count most items, {@code >= 1}
   * @throws SlipwayException BAD_REQUEST if the token is none of this search
   */
  public <T> Page<T> page(SqlSession sql, SqlSession.RowReader<T> reader, String token, int count) {
    List<Object> parameters = new ArrayList<>(keyParameters);
    parameters.addAll(conditionParameters);
    String columns = select.substring(0, select.indexOf(" FROM "));
    String tables = select.substring(select.indexOf(" FROM "));
    StringBuilder text = new StringBuilder("SELECT q.* FROM (SELECT ").append(columns);
    for (int i = 0; i < keys.size(); i++) {
      text.append(", ").append(keys.get(i).expression()).append(" AS k").append(i);
    }
    text.append(tables);
    if (!conditions.isEmpty()) {
      text.append(" WHERE ").append(String.join(" AND ", conditions));
    }
    text.append(") q");
    if (!token.isEmpty()) {
      List<Object> after = decode(token);
      text.append(" WHERE ").append(after(after, parameters));
    }
    text.append(" ORDER BY ").append(order());
    text.append(" LIMIT ?");
    parameters.add(count + 1);
    List<Row<T>> rows =
        sql.list(
            text.toString(), row -> new Row<>(reader.read(row), keysOf(row)), parameters.toArray());
    boolean more = rows.size() > count;
    List<Row<T>> page = more ? rows.subList(0, count) : rows;
    return new Page<>(
        page.stream().map(Row::value).toList(), more ? encode(page.getLast().keys()) : "");
  }

  private String order() {
    return String.join(
        ", ",
        IntStream.range(0, keys.size())
            .mapToObj(i -> "k" + i + (keys.get(i).ascending() ? "" : " DESC"))
            .toList());
  }

  /**
   * Rows after the given one. The first key's bound stands alone as well, since only that lets a
   * database seek in an index.
   */
  private String after(List<Object> last, List<Object> parameters) {
    parameters.add(last.getFirst());
    String bound = "k0 " + (keys.getFirst().ascending() ? ">= ?" : "<= ?");
    String rest = "";
    List<Object> restParameters = new ArrayList<>();
    for (int i = keys.size() - 1; i >= 0; i--) {
      String beyond = "k%d %s ?".formatted(i, keys.get(i).ascending() ? ">" : "<");
      rest = rest.isEmpty() ? beyond : "(%s OR (k%d = ? AND %s))".formatted(beyond, i, rest);
      if (i < keys.size() - 1) {
        restParameters.addFirst(last.get(i));
      }
      restParameters.addFirst(last.get(i));
    }
    parameters.addAll(restParameters);
    return bound + " AND " + rest;
  }

  private List<Object> keysOf(ResultSet row) throws SQLException {
    List<Object> values = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      values.add(row.getObject("k" + i));
    }
    return values;
  }

  /** Values as texts whose first character says what they are. */
  private static String encode(List<Object> values) {
    List<String> texts =
        values.stream()
            .map(
                value ->
                    switch (value) {
                      case String text -> "s" + text;
                      case Double number -> "d" + number;
                      case Number number -> "l" + number.longValue();
                      default -> throw new IllegalStateException("key: " + value.getClass());
                    })
            .toList();
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(texts));
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "a page token cannot be written", e);
    }
  }

  private List<Object> decode(String token) {
    try {
      String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      String[] texts = JSON.readValue(json, String[].class);
      if (texts != null && texts.length == keys.size()) {
        List<Object> values = new ArrayList<>();
        for (String text : texts) {
          values.add(value(String.valueOf(text)));
        }
        return values;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw wrongToken(e);
    }
    throw wrongToken(new IllegalArgumentException("of another order"));
  }

  private static Object value(String text) {
    String rest = text.isEmpty() ? "" : text.substring(1);
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case 's' -> rest;
      case 'd' -> Double.valueOf(rest);
      case 'l' -> Long.valueOf(rest);
      default -> throw new IllegalArgumentException("kind of a value");
    };
  }

  private static SlipwayException wrongToken(Exception cause) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "page_token: (expected: a next_page_token of this search)", cause);
  }
}
