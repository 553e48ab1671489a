package dev.slipway.store.webhook;

import java.time.Instant;
import java.util.List;

/**
 * A webhook as it is kept.
 *
 * @param events patterns of actions
 * @param secret with which messages are signed
 * @param creator account that made it
 * @param enabled false once it failed too often
 * @param nextEntry number of the first entry of the audit log that it may not have been told of
 * @param failures attempts in a row that failed
 * @param nextAttempt not before this
 * @param lastError why the last attempt failed; empty if it did not
 */
public record StoredWebhook(
    long id,
    String url,
    List<String> events,
    String secret,
    String creator,
    Instant createdAt,
    boolean enabled,
    long nextEntry,
    int failures,
    Instant nextAttempt,
    String lastError) {
  public StoredWebhook {
    events = List.copyOf(events);
  }

  /** Without the secret, which nothing shows. */
  @Override
  public String toString() {
    return "webhook " + id;
  }
}
