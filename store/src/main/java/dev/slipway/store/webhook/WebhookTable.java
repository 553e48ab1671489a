package dev.slipway.store.webhook;

import dev.slipway.store.control.SequenceNumber;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.control.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The SQL of webhooks, within one transaction. */
public final class WebhookTable {
  private final SqlSession sql;

  public WebhookTable(SqlSession sql) {
    this.sql = sql;
  }

  /** In the order in which they were made. */
  public List<StoredWebhook> all() {
    return sql.list("SELECT * FROM webhook ORDER BY id", WebhookTable::read);
  }

  public Optional<StoredWebhook> find(long id) {
    return sql.first("SELECT * FROM webhook WHERE id = ?", WebhookTable::read, id);
  }

  /** Takes the number of the next webhook; numbers never come twice. */
  public long nextId() {
    return SequenceNumber.next(sql, "webhook");
  }

  public void add(StoredWebhook webhook) {
    sql.update(
        """
        INSERT INTO webhook (id, url, events, secret, creator, created_micros, enabled, next_entry,
          failures, next_attempt_micros, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        webhook.id(),
        webhook.url(),
        String.join(",", webhook.events()),
        webhook.secret(),
        webhook.creator(),
        StoredTime.toMicros(webhook.createdAt()),
        webhook.enabled() ? 1 : 0,
        webhook.nextEntry(),
        webhook.failures(),
        StoredTime.toMicros(webhook.nextAttempt()),
        webhook.lastError());
  }

  /** Forgets a webhook with its secret. */
  public void delete(long id) {
    sql.update("DELETE FROM webhook WHERE id = ?", id);
  }

  /**
   * Writes down that everything before an entry was told.
   *
   * @return false if the webhook is gone
   */
  public boolean told(long id, long nextEntry) {
    return sql.update(
            """
            UPDATE webhook SET next_entry = ?, failures = 0, next_attempt_micros = 0,
              last_error = '' WHERE id = ?\
            """,
            nextEntry,
            id)
        == 1;
  }

  /**
   * Writes down that telling failed.
   *
   * @param nextEntry number of the entry that was not told
   * @return false if the webhook is gone
   */
  public boolean failed(
      long id, long nextEntry, int failures, boolean enabled, Instant nextAttempt, String error) {
    return sql.update(
            """
            UPDATE webhook SET next_entry = ?, failures = ?, enabled = ?, next_attempt_micros = ?,
              last_error = ? WHERE id = ?\
            """,
            nextEntry,
            failures,
            enabled ? 1 : 0,
            StoredTime.toMicros(nextAttempt),
            error,
            id)
        == 1;
  }

  private static StoredWebhook read(ResultSet row) throws SQLException {
    return new StoredWebhook(
        row.getLong("id"),
        row.getString("url"),
        List.of(row.getString("events").split(",", -1)),
        row.getString("secret"),
        row.getString("creator"),
        StoredTime.fromMicros(row.getLong("created_micros")),
        row.getInt("enabled") != 0,
        row.getLong("next_entry"),
        row.getInt("failures"),
        StoredTime.fromMicros(row.getLong("next_attempt_micros")),
        row.getString("last_error"));
  }
}
