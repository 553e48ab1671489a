package dev.slipway.platform.webhook;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.webhook.StoredWebhook;
import dev.slipway.store.webhook.WebhookTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what webhooks ask for, from a thread of its own. How far each was told is written down
 * after the answer, so that what a crash interrupts is sent again; webhooks do not wait for each
 * other for longer than two attempts take.
 */
public final class WebhookDelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookDelivery.class);
  private static final int ENTRIES_READ = 200;
  private static final int ENTRIES_PER_TURN = 2_000;

  private final ControlStore store;
  private final String origin;
  private final WebhookConnection connection;
  private final WebhookLimits limits;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private WebhookDelivery(
      ControlStore store,
      String origin,
      WebhookTargets targets,
      SSLSocketFactory tls,
      WebhookLimits limits,
      InstantSource clock) {
    this.store = store;
    this.origin = origin;
    this.connection = new WebhookConnection(targets, tls, limits.timeout());
    this.limits = limits;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("webhooks").unstarted(this::run);
  }

  /**
   * Begins to send.
   *
   * @param origin name of the audit log, which events name as their source
   * @param tls whom to trust
   */
  public static WebhookDelivery start(
      ControlStore store,
      String origin,
      WebhookTargets targets,
      SSLSocketFactory tls,
      WebhookLimits limits,
      InstantSource clock) {
    WebhookDelivery delivery = new WebhookDelivery(store, origin, targets, tls, limits, clock);
    delivery.thread.start();
    return delivery;
  }

  private void run() {
    try {
      do {
        round();
      } while (!closing.await(limits.pollInterval().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    List<StoredWebhook> due;
    try {
      Instant now = clock.instant();
      due =
          store.read(
              view ->
                  new WebhookTable(view.sql())
                      .all().stream()
                          .filter(
                              webhook ->
                                  webhook.enabled()
                                      && !webhook.nextAttempt().isAfter(now)
                                      && webhook.nextEntry() < view.auditSize())
                          .toList());
    } catch (RuntimeException e) {
      LOG.warn("webhooks cannot be read, the next turn tries again", e);
      return;
    }
    List<Thread> turns = new ArrayList<>();
    for (StoredWebhook webhook : due) {
      turns.add(Thread.ofVirtual().name("webhook-" + webhook.id()).start(() -> turn(webhook)));
    }
    try {
      for (Thread turn : turns) {
        turn.join();
      }
    } catch (InterruptedException e) {
      // Whoever waits for a receiver stops waiting; the attempt does not count.
      turns.forEach(Thread::interrupt);
      for (Thread turn : turns) {
        turn.join();
      }
      throw e;
    }
  }

  private void turn(StoredWebhook webhook) {
    try {
      tell(webhook);
    } catch (RuntimeException e) {
      LOG.warn("webhook {} cannot be told, the next turn tries again", webhook.id(), e);
    }
  }

  private void tell(StoredWebhook webhook) {
    long deadline = System.nanoTime() + limits.timeout().toNanos();
    long size = store.read(ControlView::auditSize);
    long end = Math.min(size, webhook.nextEntry() + ENTRIES_PER_TURN);
    long next = webhook.nextEntry();
    while (next < end) {
      long from = next;
      List<byte[]> leaves =
          store.read(view -> view.auditLeaves(from, Math.min(end, from + ENTRIES_READ)));
      for (byte[] leaf : leaves) {
        AuditEntry entry = AuditEntry.parse(leaf);
        if (WebhookEvent.isAskedFor(webhook.events(), entry.action())) {
          if (isClosing() || System.nanoTime() - deadline >= 0) {
            advance(webhook, next);
            return;
          }
          Optional<String> failure = send(webhook, next, entry, leaf);
          if (failure.isPresent()) {
            if (!isClosing()) {
              failed(webhook, next, failure.get());
            }
            return;
          }
          if (!told(webhook.id(), next + 1)) {
            return;
          }
        }
        next++;
      }
    }
    advance(webhook, next);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Passes what was not asked for, which is no success of an attempt if there is nothing else. */
  private void advance(StoredWebhook webhook, long next) {
    if (next > webhook.nextEntry()) {
      told(webhook.id(), next);
    }
  }

  private Optional<String> send(StoredWebhook webhook, long index, AuditEntry entry, byte[] leaf) {
    byte[] body = WebhookEvent.body(origin, index, entry, leaf);
    return connection.post(
        webhook.url(),
        WebhookEvent.headers(
            WebhookEvent.id(origin, index), clock.instant(), webhook.secret(), body),
        body);
  }

  private boolean told(long id, long next) {
    return store.commit(work -> new WebhookTable(work.sql()).told(id, next));
  }

  /** Counts the failures since the last success, also of earlier turns. */
  private void failed(StoredWebhook webhook, long index, String why) {
    int failures = index == webhook.nextEntry() ? webhook.failures() + 1 : 1;
    boolean enabled = failures < limits.failuresMax();
    Instant now = clock.instant();
    LOG.info(
        "webhook {}: attempt {} for entry {} failed: {}{}",
        webhook.id(),
        failures,
        index,
        why,
        enabled ? "" : "; it is disabled");
    store.commit(
        work -> {
          boolean there =
              new WebhookTable(work.sql())
                  .failed(
                      webhook.id(),
                      index,
                      failures,
                      enabled,
                      now.plus(limits.backoff(failures)),
                      why);
          if (there && !enabled) {
            work.append(
                AuditEntry.of(
                    new Actor.Component("webhooks"),
                    "webhook.disabled",
                    Webhooks.subject(webhook.id()),
                    now));
          }
          return there;
        });
  }

  /** Ends, and gives up the attempts that are under way: they are made again. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
