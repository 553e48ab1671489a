package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log's signed checkpoint up to what is committed, in the background. Thread-safe.
 *
 * <p>Level-triggered: each round asks what is committed and what is signed, so a wake-up that is
 * lost, or a crash, only delays. What contradicts itself is never signed; then the entries go on
 * being committed until the backlog's limit, and from there every change is refused.
 */
public final class AuditTrail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

  private final AuditLog log;
  private final TileSource files;
  private final SequencedLeaves leaves;
  private final AuditLimits limits;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by {@code lock}; replaced as a whole. */
  private volatile AuditStatus status;

  /** Guarded by {@code lock}. */
  private boolean closing;

  /**
   * Starts integrating. Reads how many entries are committed; everything else is done aside.
   *
   * @param log over {@code files} and {@code leaves}
   */
  public AuditTrail(AuditLog log, TileSource files, SequencedLeaves leaves, AuditLimits limits) {
    this.log = log;
    this.files = files;
    this.leaves = leaves;
    this.limits = limits;
    this.status = new AuditStatus(leaves.count(), 0, 0, "", false);
    this.thread = Thread.ofPlatform().name("slipway-audit").daemon().start(this::run);
  }

  /** How it is going. */
  public AuditStatus status() {
    return status;
  }

  /** The log itself, for proofs. */
  public AuditLog log() {
    return log;
  }

  /** The log's files, which anybody may have. */
  public TileSource files() {
    return files;
  }

  /** Tells that so many entries are committed now. */
  public void committed(long count) {
    lock.lock();
    try {
      AuditStatus now = status;
      status =
          new AuditStatus(
              Math.max(now.committed(), count),
              now.integrated(),
              now.failures(),
              now.trouble(),
              now.refusing());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets an entry pass unless the log is too far behind.
   *
   * @param index the entry's number
   * @throws SlipwayException TOO_MANY_REQUESTS past the limit, with the reason if one is known
   */
  void requireRoom(long index) {
    AuditStatus now = status;
    if (index - now.integrated() >= limits.backlogMax()) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "audit log: %d entries are not signed yet (expected: at most %d)%s"
              .formatted(
                  index - now.integrated(),
                  limits.backlogMax(),
                  now.trouble().isEmpty() ? "" : "; " + now.trouble()));
    }
  }

  /** An entry with its number. */
  public record Numbered(long index, byte[] leaf) {
    /** What was written down. */
    public AuditEntry entry() {
      return AuditEntry.parse(leaf);
    }
  }

  /**
   * Committed entries in order.
   *
   * @param from number of the first
   * @param count at most so many
   * @return fewer where the log ends
   */
  public List<Numbered> entries(long from, int count) {
    long end = leaves.count();
    long first = Math.clamp(from, 0, end);
    List<byte[]> read = leaves.read(first, Math.min(end, first + count));
    List<Numbered> entries = new ArrayList<>(read.size());
    for (int i = 0; i < read.size(); i++) {
      entries.add(new Numbered(first + i, read.get(i)));
    }
    return entries;
  }

  /**
   * Committed entries, the newest first.
   *
   * @param end number after the first; past the end of the log means the newest
   * @param count at most so many
   */
  public List<Numbered> entriesBefore(long end, int count) {
    long last = Math.clamp(end, 0, leaves.count());
    long first = Math.max(0, last - count);
    return entries(first, (int) (last - first)).reversed();
  }

  /**
   * One committed entry.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Numbered entry(long index) {
    List<Numbered> found = index < 0 ? List.of() : entries(index, 1);
    if (found.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND,
          "audit entry %d (expected: below %d)".formatted(index, leaves.count()));
    }
    return found.getFirst();
  }

  /**
   * The proof that an entry is in the log.
   *
   * @throws SlipwayException NOT_FOUND if there is no such entry, NOT_READY if it is not signed
   *     yet, STORE_CORRUPT if the log's files do not fit what is signed
   */
  public Receipt receipt(long index) {
    return log.receipt(entry(index).index());
  }

  /** Waits until everything committed before is signed and published, or it failed. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(limits.closeMax())) {
        LOG.warn("the last audit entries are signed at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean last;
    do {
      last = isClosing();
      boolean done = integrate();
      if (!last) {
        awaitWork(done);
      }
    } while (!last);
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** One round; returns whether it worked. */
  private boolean integrate() {
    try {
      long size = log.integrate().checkpoint().size();
      set(size, 0, "", false);
      return true;
    } catch (SlipwayException e) {
      failed(String.valueOf(e.getMessage()), e.code() == ErrorCode.STORE_CORRUPT, e);
      return false;
    } catch (RuntimeException e) {
      failed(e.toString(), false, e);
      return false;
    }
  }

  private void failed(String trouble, boolean refusing, RuntimeException cause) {
    if (!trouble.equals(status.trouble())) {
      LOG.error("the audit log was not signed: {}", trouble, cause);
    }
    set(status.integrated(), 1, trouble, refusing);
  }

  private void set(long integrated, int failures, String trouble, boolean refusing) {
    lock.lock();
    try {
      status =
          new AuditStatus(
              Math.max(status.committed(), integrated),
              integrated,
              status.failures() + failures,
              trouble,
              refusing);
    } finally {
      lock.unlock();
    }
  }

  private void awaitWork(boolean done) {
    lock.lock();
    try {
      if (done) {
        while (!closing && status.backlog() == 0) {
          changed.await();
        }
      } else {
        long leftNanos = limits.retryAfter().toNanos();
        while (!closing && leftNanos > 0) {
          leftNanos = changed.awaitNanos(leftNanos);
        }
      }
    } catch (InterruptedException e) {
      closing = true;
    } finally {
      lock.unlock();
    }
  }
}
