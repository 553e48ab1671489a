package dev.slipway.store.tracking;

import dev.slipway.store.control.SqlSession;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A table of names and values that belong to something, such as a run's tags. */
public final class NamedValues {
  /** Owners asked for in one statement; SQLite took 999 parameters once. */
  private static final int OWNERS_PER_STATEMENT = 500;

  private final SqlSession sql;
  private final String table;
  private final String owner;

  /**
   * @param table name of ours
   * @param owner its column that names the owner
   */
  public NamedValues(SqlSession sql, String table, String owner) {
    this.sql = sql;
    this.table = table;
    this.owner = owner;
  }

  /** Sets values; what had the name before is replaced. */
  public void put(Object ownerId, Map<String, String> values) {
    sql.updateAll(
        """
        INSERT INTO %s (%s, name, value) VALUES (?, ?, ?)
        ON CONFLICT (%s, name) DO UPDATE SET value = excluded.value\
        """
            .formatted(table, owner, owner),
        values.entrySet().stream()
            .map(value -> new Object[] {ownerId, value.getKey(), value.getValue()})
            .toList());
  }

  /** The value under a name. */
  public Optional<String> value(Object ownerId, String name) {
    return sql.first(
        "SELECT value FROM %s WHERE %s = ? AND name = ?".formatted(table, owner),
        row -> row.getString("value"),
        ownerId,
        name);
  }

  /**
   * @return whether it was there
   */
  public boolean remove(Object ownerId, String name) {
    return sql.update(
            "DELETE FROM %s WHERE %s = ? AND name = ?".formatted(table, owner), ownerId, name)
        > 0;
  }

  /** What an owner has, in the order of the names. */
  public Map<String, String> of(Object ownerId) {
    return of(List.of(ownerId)).getOrDefault(ownerId, Map.of());
  }

  /** What each of these has; owners without values are absent. */
  public Map<Object, Map<String, String>> of(List<?> owners) {
    Map<Object, Map<String, String>> values = new HashMap<>();
    inChunks(
        owners,
        (marks, chunk) ->
            sql.list(
                "SELECT %s AS owner, name, value FROM %s WHERE %s IN (%s)"
                    .formatted(owner, table, owner, marks),
                row ->
                    values
                        .computeIfAbsent(ownerKey(row.getObject("owner")), key -> new TreeMap<>())
                        .put(row.getString("name"), row.getString("value")),
                chunk));
    return values;
  }

  /** Numbers come back as Integer or Long as they happen to be small; as keys they are Long. */
  private static Object ownerKey(Object value) {
    return value instanceof Number number ? (Object) number.longValue() : value;
  }

  /** Reads what some of the owners have. */
  public interface Chunk {
    /**
     * @param marks a {@code ?} for each owner
     */
    void read(String marks, Object[] owners);
  }

  /** Calls for as many owners at a time as a statement may name. */
  public static void inChunks(List<?> owners, Chunk chunk) {
    for (int from = 0; from < owners.size(); from += OWNERS_PER_STATEMENT) {
      List<?> part = owners.subList(from, Math.min(owners.size(), from + OWNERS_PER_STATEMENT));
      chunk.read(String.join(", ", Collections.nCopies(part.size(), "?")), part.toArray());
    }
  }
}
