package dev.slipway.store.protection;

import dev.slipway.core.protection.UsedRows;
import dev.slipway.store.control.SqlSession;
import java.util.List;

/** The SQL of what accounts asked of deployments, within one transaction. */
public final class UseTable {
  private final SqlSession sql;

  public UseTable(SqlSession sql) {
    this.sql = sql;
  }

  /**
   * What was asked on a day.
   *
   * @param day days since 1970-01-01, UTC
   */
  public List<UsedRows> of(long day) {
    return sql.list(
        "SELECT account, deployment, asked FROM account_use WHERE day = ? ORDER BY account,"
            + " deployment",
        row ->
            new UsedRows(
                row.getString("account"), row.getString("deployment"), day, row.getLong("asked")),
        day);
  }

  /** Writes what was asked on a day in place of what was written before. */
  public void put(UsedRows used) {
    sql.update(
        """
        INSERT INTO account_use (account, deployment, day, asked) VALUES (?, ?, ?, ?)
          ON CONFLICT (account, deployment) DO UPDATE SET day = EXCLUDED.day, asked = EXCLUDED.asked\
        """,
        used.account(),
        used.deployment(),
        used.day(),
        used.rows());
  }
}
