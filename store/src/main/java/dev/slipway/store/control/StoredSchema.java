package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.List;

/**
 * Which migrations a database has had, found out by plain SQL: most starts need no more than this,
 * and Flyway's classes take longer to load than the rest of the control plane.
 *
 * @param version 0 when it has had none
 * @param hasHistory whether Flyway's table is there
 * @param hasEarlierHistory whether the table is there in which commits before Flyway counted
 * @param hasFailure whether a migration ended half-way
 */
record StoredSchema(
    int version, boolean hasHistory, boolean hasEarlierHistory, boolean hasFailure) {
  static final String HISTORY = "flyway_schema_history";
  static final String EARLIER_HISTORY = "schema_version";

  /** One applied migration. */
  private record Applied(String version, boolean succeeded) {}

  static StoredSchema read(SqlSession sql, Dialect dialect) {
    List<String> tables = dialect.tables(sql, List.of(HISTORY, EARLIER_HISTORY));
    boolean hasHistory = tables.contains(HISTORY);
    boolean hasEarlierHistory = tables.contains(EARLIER_HISTORY);
    int version = 0;
    boolean hasFailure = false;
    if (hasHistory) {
      List<Applied> all =
          sql.list(
              "SELECT version, success FROM flyway_schema_history WHERE version IS NOT NULL",
              row -> new Applied(row.getString("version"), row.getBoolean("success")));
      hasFailure = !all.stream().allMatch(Applied::succeeded);
      version = all.stream().mapToInt(applied -> number(applied.version)).max().orElse(0);
    }
    if (hasEarlierHistory) {
      int earlier =
          sql.first(
                  "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version",
                  row -> row.getInt("version"))
              .orElse(0);
      version = Math.max(version, earlier);
    }
    return new StoredSchema(version, hasHistory, hasEarlierHistory, hasFailure);
  }

  private static int number(String version) {
    try {
      return Integer.parseInt(version);
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "control database: schema '%s' (expected: a whole number)".formatted(version),
          e);
    }
  }

  /** Whether there is nothing to do. */
  boolean isCurrent(int newest) {
    return version == newest && hasHistory && !hasEarlierHistory && !hasFailure;
  }
}
