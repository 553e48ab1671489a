package dev.slipway.serving.metrics;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What has happened to the requests of one variant since the process started.
 *
 * @param requests answered, by outcome and protocol
 * @param errors answered with an error, by code; codes that never occurred are absent
 * @param rows inferences: rows that went through the engine
 * @param batches runs of the engine
 * @param batchNanos time spent in those runs; {@link Stage#INFER} counts it once per request
 * @param coldStarts requests that found the model unloaded and waited for it
 * @param lastInferenceMillis epoch milliseconds of the last run; 0 means there was none
 * @param queueDepth requests waiting now
 * @param loadedBytes what the model occupies now; a model shared by deployments counts for each
 * @param stages latencies of every stage
 * @param batchRows rows per run
 * @param batchTotals runs by the size of their batch, in the order of the sizes
 */
public record VariantSnapshot(
    VariantKey key,
    RequestCounts requests,
    Map<ErrorCode, Long> errors,
    long rows,
    long batches,
    long batchNanos,
    long cacheHits,
    long cacheMisses,
    long coldStarts,
    long lastInferenceMillis,
    long queueDepth,
    long loadedBytes,
    Map<Stage, HistogramSnapshot> stages,
    HistogramSnapshot batchRows,
    List<BatchTotals> batchTotals) {

  public HistogramSnapshot stage(Stage stage) {
    HistogramSnapshot snapshot = stages.get(stage);
    return snapshot == null ? HistogramSnapshot.empty(BucketLayout.SECONDS) : snapshot;
  }

  /** Errors of the server's own overload protection, by reason. */
  public Map<ErrorCode, Long> rejections() {
    return errorsOf(true);
  }

  /** Every other error, by reason. */
  public Map<ErrorCode, Long> failures() {
    return errorsOf(false);
  }

  private Map<ErrorCode, Long> errorsOf(boolean overload) {
    Map<ErrorCode, Long> chosen = new EnumMap<>(ErrorCode.class);
    errors.forEach(
        (code, count) -> {
          if ((code.errorClass() == ErrorClass.OVERLOAD) == overload) {
            chosen.put(code, count);
          }
        });
    return chosen;
  }

  /** Adds what another loop counted for the same variant. */
  VariantSnapshot plus(VariantSnapshot other) {
    Map<ErrorCode, Long> addedErrors = new EnumMap<>(ErrorCode.class);
    addedErrors.putAll(errors);
    other.errors.forEach((code, count) -> addedErrors.merge(code, count, Long::sum));
    Map<Stage, HistogramSnapshot> addedStages = new EnumMap<>(Stage.class);
    addedStages.putAll(stages);
    other.stages.forEach(
        (stage, histogram) -> addedStages.merge(stage, histogram, HistogramSnapshot::plus));
    return new VariantSnapshot(
        key,
        requests.plus(other.requests),
        addedErrors,
        rows + other.rows,
        batches + other.batches,
        batchNanos + other.batchNanos,
        cacheHits + other.cacheHits,
        cacheMisses + other.cacheMisses,
        coldStarts + other.coldStarts,
        Math.max(lastInferenceMillis, other.lastInferenceMillis),
        queueDepth + other.queueDepth,
        Math.max(loadedBytes, other.loadedBytes),
        addedStages,
        batchRows.plus(other.batchRows),
        BatchTotals.sum(batchTotals, other.batchTotals));
  }
}
