package dev.slipway.http.call;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one event loop whose bodies are still arriving, oldest first, so that one timer can
 * refuse those that take too long. Entering and leaving cost a few memory writes. Belongs to its
 * event loop; not thread-safe.
 */
public final class OpenBodies {
  private final long nanosMax;
  private @Nullable Entry oldest;
  private @Nullable Entry newest;

  /**
   * @param nanosMax how long a body may take
   */
  public OpenBodies(long nanosMax) {
    this.nanosMax = nanosMax;
  }

  /** A call whose body is arriving. */
  public interface Arriving {
    /** The body took too long; called once, after which the call has left. */
    void tooSlow();
  }

  /** A call's place among the others. */
  public static final class Entry {
    private final Arriving call;
    private final long sinceNanos;
    private @Nullable Entry older;
    private @Nullable Entry newer;
    private boolean present = true;

    private Entry(Arriving call, long sinceNanos) {
      this.call = call;
      this.sinceNanos = sinceNanos;
    }
  }

  public Entry enter(Arriving call, long nowNanos) {
    Entry entry = new Entry(call, nowNanos);
    Entry last = newest;
    entry.older = last;
    if (last == null) {
      oldest = entry;
    } else {
      last.newer = entry;
    }
    newest = entry;
    return entry;
  }

  /** May be called again; does nothing then. */
  public void leave(Entry entry) {
    if (!entry.present) {
      return;
    }
    entry.present = false;
    Entry before = entry.older;
    Entry after = entry.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    entry.older = null;
    entry.newer = null;
  }

  /** Tells every call that has been here for too long, and lets it leave. */
  public void sweep(long nowNanos) {
    Entry entry = oldest;
    while (entry != null && nowNanos - entry.sinceNanos > nanosMax) {
      leave(entry);
      entry.call.tooSlow();
      entry = oldest;
    }
  }
}
