package dev.slipway.serving.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts runs by the size of their batch, of one variant on one event loop. Only that loop writes;
 * any thread may take a snapshot. Nothing is allocated but once for each size that occurs.
 */
final class BatchMeter {
  /** Up to here every size has numbers of its own; above, all up to the next power of two. */
  static final int EXACT_ROWS_MAX = 128;

  private static final int EXACT_BITS = Integer.SIZE - Integer.numberOfLeadingZeros(EXACT_ROWS_MAX);
  private static final int SIZES = EXACT_ROWS_MAX + Integer.SIZE - EXACT_BITS;

  private static final int RUNS = 0;
  private static final int INPUT_NANOS = 1;
  private static final int INFER_NANOS = 2;
  private static final int OUTPUT_NANOS = 3;
  private static final int NUMBERS = 4;

  private final AtomicReferenceArray<AtomicLongArray> sizes = new AtomicReferenceArray<>(SIZES);

  void recordRun(int rows, long inferNanos) {
    if (rows > 0) {
      AtomicLongArray numbers = numbers(rows);
      add(numbers, RUNS, 1);
      add(numbers, INFER_NANOS, inferNanos);
    }
  }

  /** One request that was in a batch of {@code rows} rows. */
  void recordRequest(int rows, long inputNanos, long outputNanos) {
    if (rows > 0) {
      AtomicLongArray numbers = numbers(rows);
      add(numbers, INPUT_NANOS, inputNanos);
      add(numbers, OUTPUT_NANOS, outputNanos);
    }
  }

  List<BatchTotals> snapshot() {
    List<BatchTotals> totals = new ArrayList<>();
    for (int i = 0; i < SIZES; i++) {
      AtomicLongArray numbers = sizes.getAcquire(i);
      if (numbers != null) {
        totals.add(
            new BatchTotals(
                rows(i),
                numbers.getOpaque(RUNS),
                numbers.getOpaque(INPUT_NANOS),
                numbers.getOpaque(INFER_NANOS),
                numbers.getOpaque(OUTPUT_NANOS)));
      }
    }
    return totals;
  }

  private AtomicLongArray numbers(int rows) {
    int place = place(rows);
    AtomicLongArray numbers = sizes.getPlain(place);
    if (numbers == null) {
      numbers = new AtomicLongArray(NUMBERS);
      sizes.setRelease(place, numbers);
    }
    return numbers;
  }

  private static int place(int rows) {
    if (rows <= EXACT_ROWS_MAX) {
      return rows - 1;
    }
    // One less than 129..256 takes as many bits as 128 does, one less than 257..512 one more.
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1);
    return EXACT_ROWS_MAX + bits - EXACT_BITS;
  }

  private static int rows(int place) {
    if (place < EXACT_ROWS_MAX) {
      return place + 1;
    }
    int bits = place - EXACT_ROWS_MAX + EXACT_BITS;
    return bits == Integer.SIZE - 1 ? Integer.MAX_VALUE : 1 << bits;
  }

  private static void add(AtomicLongArray numbers, int index, long amount) {
    numbers.setOpaque(index, numbers.getPlain(index) + amount);
  }
}
