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

  /** How long the spans are in which an instant's counts are kept. */
  static Duration spanOf(Instant instant, Instant now) {
    Duration age = Duration.between(instant, now);
    if (age.compareTo(WINDOWS_KEPT) < 0) {
      return CellKey.SPAN;
    }
    return age.compareTo(HOURS_KEPT) < 0 ? HOUR : DAY;
  }

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
    store.commit(
        work -> new CellTable(work.sql()).delete(DAY, Instant.EPOCH, now.minus(DAYS_KEPT)));
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
            sums(table, small, start, large).forEach((key, counts) -> add(table, key, counts));
            return table.delete(small, start, start.plus(large));
          });
    }
  }

  /**
   * Epochs are added up: they change with every deployment, and nobody asks for them after days.
   */
  private static Map<CellKey, CellCounts> sums(
      CellTable table, Duration small, Instant start, Duration large) {
    Map<CellKey, CellCounts> sums = new HashMap<>();
    table.eachOfSpan(
        small,
        start,
        start.plus(large),
        part -> {
          CellKey key = part.key();
          sums.merge(
              new CellKey(
                  SOURCE, key.deployment(), key.version(), key.reference(), 0, start, large),
              part.counts(),
              CellCounts::plus);
        });
    return sums;
  }

  /** One of these may be there: a cell that came after the others were rolled up joins them. */
  private static void add(CellTable table, CellKey key, CellCounts counts) {
    CellCounts all = table.find(key).map(before -> before.counts().plus(counts)).orElse(counts);
    table.put(new Cell(key, all));
  }
}
