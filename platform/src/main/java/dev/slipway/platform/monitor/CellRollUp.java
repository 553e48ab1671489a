package dev.slipway.platform.monitor;

import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.monitor.CellTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes hours out of old windows, and days out of old hours, so that a year of them is small. The
 * sum over a period does not change by it: what goes and what takes its place are one transaction.
 */
final class CellRollUp {
  /** Name of the source of a cell that is the sum of others. */
  static final String SOURCE = "sum";

  static final Duration HOUR = Duration.ofHours(1);
  static final Duration DAY = Duration.ofDays(1);

  /** From this age on windows are hours. Older than any window that is still handed over. */
  static final Duration WINDOWS_KEPT = Duration.ofDays(3);

  /** From this age on hours are days. */
  static final Duration HOURS_KEPT = Duration.ofDays(35);

  /** From this age on days are forgotten. */
  static final Duration DAYS_KEPT = Duration.ofDays(400);

  private final ControlStore store;
  private final InstantSource clock;

  CellRollUp(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  void run() {
    Instant now = clock.instant();
    rollUp(CellKey.SPAN, HOUR, CellKey.startOf(now.minus(WINDOWS_KEPT), HOUR));
    rollUp(HOUR, DAY, CellKey.startOf(now.minus(HOURS_KEPT), DAY));
    store.commit(work -> new CellTable(work.sql()).deleteBefore(DAY, now.minus(DAYS_KEPT)));
  }

  /** One span of the larger kind at a time, the earliest first, each in its own transaction. */
  private void rollUp(Duration small, Duration large, Instant before) {
    while (true) {
      Optional<Instant> earliest =
          store.read(view -> new CellTable(view.sql()).earliest(small, before));
      if (earliest.isEmpty()) {
        return;
      }
      Instant start = CellKey.startOf(earliest.get(), large);
      store.commit(
          work -> {
            CellTable table = new CellTable(work.sql());
            List<Cell> parts = table.ofSpan(small, start, start.plus(large));
            sums(parts, start, large).forEach((key, counts) -> add(table, key, counts));
            parts.forEach(part -> table.delete(part.key()));
            return parts.size();
          });
    }
  }

  private static Map<CellKey, CellCounts> sums(List<Cell> parts, Instant start, Duration span) {
    Map<CellKey, CellCounts> sums = new HashMap<>();
    for (Cell part : parts) {
      CellKey key = part.key();
      sums.merge(
          new CellKey(
              SOURCE, key.deployment(), key.version(), key.reference(), key.epoch(), start, span),
          part.counts(),
          CellCounts::plus);
    }
    return sums;
  }

  private static void add(CellTable table, CellKey key, CellCounts counts) {
    CellCounts all =
        table
            .between(
                key.deployment(),
                key.version(),
                key.reference(),
                key.start(),
                key.start().plusSeconds(1))
            .stream()
            .filter(cell -> cell.key().equals(key))
            .map(Cell::counts)
            .reduce(counts, CellCounts::plus);
    table.put(new Cell(key, all));
  }
}
