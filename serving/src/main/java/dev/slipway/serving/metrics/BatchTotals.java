package dev.slipway.serving.metrics;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * What the runs over batches of one size have taken.
 *
 * @param rows of each batch; above {@link BatchMeter#EXACT_ROWS_MAX} the next power of two
 * @param runs how many there were
 * @param inputNanos decoding of the requests that were in them
 * @param inferNanos the runs themselves
 * @param outputNanos encoding of the answers to these requests
 */
public record BatchTotals(int rows, long runs, long inputNanos, long inferNanos, long outputNanos) {
  private BatchTotals plus(BatchTotals other) {
    return new BatchTotals(
        rows,
        runs + other.runs,
        inputNanos + other.inputNanos,
        inferNanos + other.inferNanos,
        outputNanos + other.outputNanos);
  }

  /** Adds up size by size; the result is in the order of the sizes. */
  static List<BatchTotals> sum(Collection<BatchTotals> some, Collection<BatchTotals> others) {
    TreeMap<Integer, BatchTotals> bySize = new TreeMap<>();
    some.forEach(totals -> bySize.put(totals.rows, totals));
    others.forEach(totals -> bySize.merge(totals.rows, totals, BatchTotals::plus));
    return List.copyOf(bySize.values());
  }
}
