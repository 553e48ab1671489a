package dev.slipway.platform.monitor;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.serving.cells.CellSink;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.monitor.CellTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps cells: takes them from the event loops, saves the newest of each every few seconds, rolls
 * old ones up and forgets the oldest. What a crash loses is what was counted since the last saving.
 */
public final class CellKeeper implements CellSink, AutoCloseable {
  /** How much a crash may lose, with the few seconds that the event loops take to hand over. */
  public static final Duration SAVED_EVERY = Duration.ofSeconds(5);

  /** Bins of cells that wait for a database which is away. More are counted as dropped. */
  static final long WAITING_BINS_MAX = 8_000_000;

  private static final int SAVED_TOGETHER = 200;

  private static final Duration ROLLED_UP_EVERY = Duration.ofMinutes(10);
  private static final Logger LOG = LoggerFactory.getLogger(CellKeeper.class);

  private final ControlStore store;
  private final CellRollUp rollUp;
  private final Duration savedEvery;
  private final ConcurrentMap<CellKey, CellCounts> waiting = new ConcurrentHashMap<>();
  private final AtomicLong waitingBins = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private CellKeeper(ControlStore store, Duration savedEvery, InstantSource clock) {
    this.store = store;
    this.rollUp = new CellRollUp(store, clock);
    this.savedEvery = savedEvery;
    this.thread = Thread.ofPlatform().daemon().name("cells").unstarted(this::run);
  }

  /** Begins to keep. */
  public static CellKeeper start(ControlStore store, Duration savedEvery, InstantSource clock) {
    CellKeeper keeper = new CellKeeper(store, savedEvery, clock);
    keeper.thread.start();
    return keeper;
  }

  @Override
  public void accept(Cell cell) {
    CellCounts after = cell.counts();
    waiting.compute(
        cell.key(),
        (key, before) -> {
          if (before != null) {
            return after.rows() > before.rows() ? after : before;
          }
          long bins = bins(cell);
          if (waitingBins.addAndGet(bins) > WAITING_BINS_MAX) {
            waitingBins.addAndGet(-bins);
            dropped.incrementAndGet();
            return null;
          }
          return after;
        });
  }

  /** Cells that nobody will see, because too many waited to be saved. */
  public long dropped() {
    return dropped.get();
  }

  private void run() {
    long rolledUpNanos = System.nanoTime() - ROLLED_UP_EVERY.toNanos();
    try {
      while (!closing.await(savedEvery.toMillis(), TimeUnit.MILLISECONDS)) {
        save();
        if (System.nanoTime() - rolledUpNanos >= ROLLED_UP_EVERY.toNanos()) {
          rolledUpNanos = System.nanoTime();
          rollUp();
        }
      }
      save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void save() {
    List<Cell> cells = new ArrayList<>();
    waiting.forEach((key, counts) -> cells.add(new Cell(key, counts)));
    for (int from = 0; from < cells.size(); from += SAVED_TOGETHER) {
      if (!save(cells.subList(from, Math.min(cells.size(), from + SAVED_TOGETHER)))) {
        return;
      }
    }
  }

  private boolean save(List<Cell> cells) {
    try {
      store.commit(
          work -> {
            CellTable table = new CellTable(work.sql());
            cells.forEach(table::put);
            return cells.size();
          });
    } catch (RuntimeException e) {
      LOG.warn("{} cells cannot be saved, the next turn tries again", cells.size(), e);
      return false;
    }
    for (Cell cell : cells) {
      // A newer one of the same cell may have arrived meanwhile; it waits for the next turn.
      if (waiting.remove(cell.key(), cell.counts())) {
        waitingBins.addAndGet(-bins(cell));
      }
    }
    return true;
  }

  private static long bins(Cell cell) {
    return cell.counts().fields().stream().mapToLong(BinCounts::bins).sum();
  }

  private void rollUp() {
    try {
      rollUp.run();
    } catch (RuntimeException e) {
      LOG.warn("old cells cannot be rolled up, the next turn tries again", e);
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
