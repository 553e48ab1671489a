package dev.slipway.platform.protection;

import dev.slipway.core.protection.AccountUses;
import dev.slipway.core.protection.UsedRows;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.protection.UseTable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what accounts asked today, so that a restart gives nobody a new budget. It is written from
 * a thread of its own every few seconds and at the end; what a crash loses is given back to the
 * accounts.
 */
public final class KeptUse implements AutoCloseable {
  /** How much may be lost. */
  public static final Duration SAVED_EVERY = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(KeptUse.class);

  private final ControlStore store;
  private final AccountUses uses;
  private final Duration savedEvery;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private Set<UsedRows> saved;

  private KeptUse(ControlStore store, AccountUses uses, Duration savedEvery) {
    this.store = store;
    this.uses = uses;
    this.savedEvery = savedEvery;
    this.saved = new HashSet<>(uses.today());
    this.thread = Thread.ofPlatform().daemon().name("account-use").unstarted(this::run);
  }

  /** What was asked on the day of an instant, before this process began. */
  public static List<UsedRows> earlier(ControlStore store, Instant now) {
    long day = now.getEpochSecond() / Duration.ofDays(1).toSeconds();
    return store.read(view -> new UseTable(view.sql()).of(day));
  }

  /** Begins to keep. */
  public static KeptUse start(ControlStore store, AccountUses uses, Duration savedEvery) {
    KeptUse kept = new KeptUse(store, uses, savedEvery);
    kept.thread.start();
    return kept;
  }

  private void run() {
    try {
      while (!closing.await(savedEvery.toMillis(), TimeUnit.MILLISECONDS)) {
        save();
      }
      save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void save() {
    List<UsedRows> today = uses.today();
    List<UsedRows> changed = today.stream().filter(used -> !saved.contains(used)).toList();
    if (changed.isEmpty()) {
      return;
    }
    try {
      store.commit(
          work -> {
            UseTable table = new UseTable(work.sql());
            changed.forEach(table::put);
            return changed.size();
          });
      saved = new HashSet<>(today);
    } catch (RuntimeException e) {
      LOG.warn("what accounts asked cannot be saved, the next turn tries again", e);
    }
  }

  /** Saves what is left. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
