package dev.slipway.serving;

import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.batching.Delivery;
import dev.slipway.serving.batching.LoopRuntime;
import dev.slipway.serving.batching.PendingRequest;
import dev.slipway.serving.batching.VariantScheduler;
import dev.slipway.serving.cache.CacheKey;
import dev.slipway.serving.cache.ResponseCache;
import dev.slipway.serving.cells.VariantCells;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantMeter;
import dev.slipway.serving.validation.RequestValidator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A variant on one event loop: validates, looks into the cache, schedules. */
final class LoopVariant {
  private final LoopRuntime loop;
  private final PlannedVariant planned;
  private final VariantMeter meter;
  private final VariantScheduler scheduler;
  private final ResponseCache cache;
  private final VariantCells cells;

  LoopVariant(
      LoopRuntime loop,
      PlannedVariant planned,
      VariantMeter meter,
      ResponseCache cache,
      VariantCells cells) {
    this.loop = loop;
    this.planned = planned;
    this.meter = meter;
    this.cache = cache;
    this.cells = cells;
    this.scheduler =
        new VariantScheduler(
            loop,
            planned.policy(),
            planned.model(),
            new Delivery(loop, planned.key().deployment(), planned.version(), meter, cache, cells));
  }

  VariantMeter meter() {
    return meter;
  }

  VariantScheduler scheduler() {
    return scheduler;
  }

  VariantCells cells() {
    return cells;
  }

  PlannedVariant planned() {
    return planned;
  }

  /**
   * Answers the request now or later.
   *
   * @throws dev.slipway.core.error.SlipwayException if it is refused; it is then not accepted
   */
  void submit(SubmittedRequest pending) {
    meter.recordStage(Stage.DECODE, pending.decodeNanos());
    InferenceRequest request = pending.request();
    RequestValidator validator = planned.validator();
    List<Tensor> inputs = validator.check(request.inputs());
    int rows = validator.rows(inputs);
    planned.policy().requireWithinBatch(rows);
    pending.validated(inputs, rows, validator.outputs(request.outputs()));
    if (planned.version().settings().cacheEnabled() && answeredFromCache(pending)) {
      return;
    }
    scheduler.submit(pending);
  }

  private boolean answeredFromCache(PendingRequest pending) {
    CacheKey key = CacheKey.over(planned.model().key(), pending.inputs(), pending.outputs());
    @Nullable List<Tensor> outputs = cache.get(key);
    if (outputs == null) {
      meter.recordCacheMiss();
      pending.cacheUnder(key);
      return false;
    }
    meter.recordCacheHit();
    cells.count(pending.inputs(), outputs, pending.outputs(), pending.rows());
    loop.respondAtOnce(
        pending,
        new InferenceResponse(
            planned.key().deployment(),
            planned.version(),
            pending.responseId(),
            outputs,
            loop.nanoTime() - pending.submittedNanos(),
            0,
            0,
            true));
    return true;
  }
}
