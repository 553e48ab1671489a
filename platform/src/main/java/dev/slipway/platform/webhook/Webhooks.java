package dev.slipway.platform.webhook;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.webhook.StoredWebhook;
import dev.slipway.store.webhook.WebhookTable;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Who is told what. Thread-safe; every method blocks. */
public final class Webhooks {
  static final String SUBJECT = "webhook";

  private static final int SECRET_BYTES = 32;

  private final ControlStore store;
  private final WebhookTargets targets;
  private final WebhookLimits limits;
  private final SecureRandom random;
  private final InstantSource clock;

  public Webhooks(
      ControlStore store,
      WebhookTargets targets,
      WebhookLimits limits,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.targets = targets;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
  }

  /**
   * A webhook as it may be shown.
   *
   * @param enabled false once it failed too often
   * @param failures attempts in a row that failed
   * @param lastError why the last attempt failed; empty if it did not
   */
  public record Shown(
      long id,
      String url,
      List<String> events,
      String creator,
      Instant createdAt,
      boolean enabled,
      int failures,
      String lastError) {
    public Shown {
      events = List.copyOf(events);
    }

    private static Shown of(StoredWebhook webhook) {
      return new Shown(
          webhook.id(),
          webhook.url(),
          webhook.events(),
          webhook.creator(),
          webhook.createdAt(),
          webhook.enabled(),
          webhook.failures(),
          webhook.lastError());
    }
  }

  /**
   * A new webhook.
   *
   * @param secret with which its messages are signed; nothing shows it again
   */
  public record Created(Shown webhook, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return webhook.toString();
    }
  }

  /**
   * Makes a webhook. It is told of what happens from now on.
   *
   * @param events each {@code promotion.*}, {@code policy.*} or one action of these
   * @throws SlipwayException BAD_REQUEST if messages may not go to the URL, or an event is none;
   *     CONFLICT if there are too many
   */
  public Created create(Principal principal, String url, List<String> events) {
    targets.require(url);
    List<String> distinct = events.stream().distinct().sorted().toList();
    if (distinct.isEmpty() || !distinct.stream().allMatch(WebhookEvent::isPattern)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "events: %s (expected: promotion.*, policy.*, or actions such as promotion.approved)"
              .formatted(distinct));
    }
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = WebhookEvent.SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    StoredWebhook made =
        store.commit(
            work -> {
              WebhookTable table = new WebhookTable(work.sql());
              if (table.all().size() >= limits.count()) {
                throw new SlipwayException(
                    ErrorCode.CONFLICT,
                    "%d webhooks (expected: fewer; slipway webhook delete ID)"
                        .formatted(limits.count()));
              }
              long id = table.nextId();
              long entry =
                  work.append(
                      AuditEntry.of(principal.actor(), "webhook.created", subject(id), now)
                          .withStates(null, state(id, url, distinct)));
              StoredWebhook webhook =
                  new StoredWebhook(
                      id,
                      url,
                      distinct,
                      secret,
                      principal.name(),
                      now,
                      true,
                      entry + 1,
                      0,
                      Instant.EPOCH,
                      "");
              table.add(webhook);
              return webhook;
            });
    return new Created(Shown.of(made), secret);
  }

  /** All webhooks, in the order in which they were made. */
  public List<Shown> webhooks() {
    return store.read(view -> new WebhookTable(view.sql()).all().stream().map(Shown::of).toList());
  }

  /**
   * Forgets a webhook with its secret. A message that is under way may still arrive.
   *
   * @return what it was
   * @throws SlipwayException NOT_FOUND
   */
  public Shown delete(Principal principal, long id) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return store.commit(
        work -> {
          WebhookTable table = new WebhookTable(work.sql());
          StoredWebhook webhook =
              table
                  .find(id)
                  .orElseThrow(
                      () ->
                          new SlipwayException(
                              ErrorCode.NOT_FOUND, "webhook %d does not exist".formatted(id)));
          table.delete(id);
          work.append(
              AuditEntry.of(principal.actor(), "webhook.deleted", subject(id), now)
                  .withStates(state(id, webhook.url(), webhook.events()), null));
          return Shown.of(webhook);
        });
  }

  static Subject subject(long id) {
    return new Subject(SUBJECT, Long.toString(id));
  }

  private static ContentDigest state(long id, String url, List<String> events) {
    return ContentDigest.of(
        CanonicalJson.write(
            new JsonObject(
                Map.of(
                    "id", new JsonString(Long.toString(id)),
                    "url", new JsonString(url),
                    "events",
                        new JsonArray(events.stream().<JsonValue>map(JsonString::new).toList())))));
  }
}
