package dev.slipway.serving.metrics;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.inference.Protocol;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what happens to the requests of one variant on one event loop. Only that loop writes; any
 * thread may take a snapshot, which may be a few requests behind.
 */
// Counters of one process: an index by enum constant is never stored.
@SuppressWarnings("EnumOrdinal")
public final class VariantMeter {
  private static final Stage[] STAGES = Stage.values();
  private static final ErrorCode[] CODES = ErrorCode.values();

  private static final int ROWS = 0;
  private static final int BATCHES = 1;
  private static final int BATCH_NANOS = 2;
  private static final int CACHE_HITS = 3;
  private static final int CACHE_MISSES = 4;
  private static final int COLD_STARTS = 5;
  private static final int LAST_RUN_NANOS = 6;
  private static final int QUEUE_DEPTH = 7;
  private static final int NUMBERS = 8;

  private final VariantKey key;
  private final AtomicLongArray requests = new AtomicLongArray(RequestCounts.CELLS);
  private final AtomicLongArray errors = new AtomicLongArray(CODES.length);
  private final AtomicLongArray numbers = new AtomicLongArray(NUMBERS);
  private final Histogram[] stages = new Histogram[STAGES.length];
  private final Histogram batchRows = new Histogram(BucketLayout.ROWS);
  private final BatchMeter batches = new BatchMeter();

  public VariantMeter(VariantKey key) {
    this.key = key;
    for (int i = 0; i < stages.length; i++) {
      stages[i] = new Histogram(BucketLayout.SECONDS);
    }
  }

  public VariantKey key() {
    return key;
  }

  public void recordStage(Stage stage, long nanos) {
    stages[stage.ordinal()].record(nanos);
  }

  public void recordSuccess(Protocol protocol) {
    add(requests, RequestCounts.cell(Outcome.SUCCESS, protocol), 1);
  }

  public void recordError(Protocol protocol, ErrorCode code) {
    add(requests, RequestCounts.cell(Outcome.of(code), protocol), 1);
    add(errors, code.ordinal(), 1);
  }

  /**
   * One run of the engine.
   *
   * @param endNanos {@link System#nanoTime()} at its end, which the caller has at hand; reading the
   *     wall clock for each run would cost as much as a small model
   */
  public void recordBatch(int rows, long inferNanos, long endNanos) {
    add(numbers, ROWS, rows);
    add(numbers, BATCHES, 1);
    add(numbers, BATCH_NANOS, inferNanos);
    numbers.setOpaque(LAST_RUN_NANOS, endNanos);
    batchRows.record(rows);
    batches.recordRun(rows, inferNanos);
  }

  /**
   * One answered request.
   *
   * @param batchRows rows of the run it was in; 0 if there was none
   */
  public void recordRequest(int batchRows, long decodeNanos, long encodeNanos) {
    batches.recordRequest(batchRows, decodeNanos, encodeNanos);
  }

  public void recordCacheHit() {
    add(numbers, CACHE_HITS, 1);
  }

  public void recordCacheMiss() {
    add(numbers, CACHE_MISSES, 1);
  }

  /** A request found its model unloaded. */
  public void recordColdStart() {
    add(numbers, COLD_STARTS, 1);
  }

  public void queueDepth(int requestsWaiting) {
    numbers.setOpaque(QUEUE_DEPTH, requestsWaiting);
  }

  /**
   * @param loadedBytes what the variant's model occupies now; the loop does not know it
   */
  public VariantSnapshot snapshot(long loadedBytes) {
    Map<ErrorCode, Long> errorCounts = new EnumMap<>(ErrorCode.class);
    for (ErrorCode code : CODES) {
      long count = errors.getOpaque(code.ordinal());
      if (count > 0) {
        errorCounts.put(code, count);
      }
    }
    Map<Stage, HistogramSnapshot> stageSnapshots = new EnumMap<>(Stage.class);
    for (Stage stage : STAGES) {
      stageSnapshots.put(stage, stages[stage.ordinal()].snapshot());
    }
    long[] requestCells = new long[RequestCounts.CELLS];
    for (int i = 0; i < requestCells.length; i++) {
      requestCells[i] = requests.getOpaque(i);
    }
    return new VariantSnapshot(
        key,
        new RequestCounts(requestCells),
        Collections.unmodifiableMap(errorCounts),
        numbers.getOpaque(ROWS),
        numbers.getOpaque(BATCHES),
        numbers.getOpaque(BATCH_NANOS),
        numbers.getOpaque(CACHE_HITS),
        numbers.getOpaque(CACHE_MISSES),
        numbers.getOpaque(COLD_STARTS),
        lastInferenceMillis(),
        numbers.getOpaque(QUEUE_DEPTH),
        loadedBytes,
        Collections.unmodifiableMap(stageSnapshots),
        batchRows.snapshot(),
        batches.snapshot());
  }

  private long lastInferenceMillis() {
    if (numbers.getOpaque(BATCHES) == 0) {
      return 0;
    }
    long agoNanos = Math.max(0, System.nanoTime() - numbers.getOpaque(LAST_RUN_NANOS));
    return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(agoNanos);
  }

  private static void add(AtomicLongArray array, int index, long amount) {
    array.setOpaque(index, array.getPlain(index) + amount);
  }
}
