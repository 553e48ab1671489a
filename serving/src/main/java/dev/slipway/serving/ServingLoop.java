package dev.slipway.serving;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.serving.batching.LoopRuntime;
import dev.slipway.serving.batching.Timer;
import dev.slipway.serving.buffers.BufferPool;
import dev.slipway.serving.cache.ResponseCache;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.cells.VariantCells;
import dev.slipway.serving.metrics.LoopMeters;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantMeter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the serving plane that belongs to one event loop. Every public method is called on
 * that loop's thread, and every listener is called there, so nothing here needs a lock.
 */
public final class ServingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ServingLoop.class);

  private final LoopRuntime runtime;
  private final BufferPool buffers = new BufferPool(BufferPool.DEFAULT_BYTES_MAX);
  private final ResponseCache cache;
  private final LoopMeters meters = new LoopMeters();
  private final int requestsMax;
  private final Map<PlannedVariant, LoopVariant> variants = new HashMap<>();
  private final List<LoopVariant> retiring = new ArrayList<>();
  private Map<String, LoopDeployment> deployments = Map.of();
  private final Monitoring monitoring;
  private final String source;
  private long cellSources;
  private long epoch;
  private boolean shuttingDown;

  /** What a loop needs of its plane. */
  record Surroundings(
      Executor loopThread,
      Executor workers,
      Timer timer,
      LongSupplier clock,
      LongSupplier cacheBytesMax,
      int requestsMax,
      Monitoring monitoring,
      String source) {}

  ServingLoop(Surroundings surroundings) {
    this.runtime =
        new LoopRuntime(
            surroundings.loopThread(),
            surroundings.workers(),
            surroundings.timer(),
            surroundings.clock(),
            buffers);
    this.cache = new ResponseCache(surroundings.cacheBytesMax());
    this.requestsMax = surroundings.requestsMax();
    this.monitoring = surroundings.monitoring();
    this.source = surroundings.source();
  }

  /** Where decoders take the buffers of the tensors they make. */
  public BufferSource buffers() {
    return buffers;
  }

  /**
   * Serves a request. Takes over its buffers and gives them back when it is answered, refused or
   * cancelled. Calls {@code listener} exactly once, possibly before this returns, unless the call
   * is cancelled first.
   *
   * @return a handle to cancel it, which is safe to call after the answer
   */
  public InFlight submit(
      InferenceRequest request, CallContext context, InferenceListener listener) {
    SubmittedRequest pending = new SubmittedRequest(request, context, listener);
    LoopVariant variant = null;
    try {
      admit(context, pending.submittedNanos());
      variant = route(request, context);
      variant.submit(pending);
    } catch (SlipwayException e) {
      runtime.refuse(pending, variant == null ? meterOf(request.model()) : variant.meter(), e);
    }
    return pending;
  }

  private void admit(CallContext context, long now) {
    if (shuttingDown) {
      throw new SlipwayException(ErrorCode.SHUTTING_DOWN, "the server is shutting down");
    }
    if (runtime.inFlight() >= requestsMax) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d requests in flight (expected: < %d)".formatted(runtime.inFlight(), requestsMax));
    }
    if (context.deadlineNanos() <= now) {
      throw new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED, "the deadline had passed before the model could run");
    }
  }

  /**
   * Looks up who would answer. Adapters ask before they judge what a request contains, so that a
   * caller who names no model there is learns that, whatever else is wrong.
   *
   * @param version 0 means the deployment's own choice
   * @throws SlipwayException NOT_FOUND if no such deployment or version is live, NOT_READY while
   *     the deployment is unloaded
   */
  public void requireServed(String model, int version) {
    deployment(model).requireLive(version);
  }

  private LoopVariant route(InferenceRequest request, CallContext context) {
    return deployment(request.model()).choose(request.version(), context.routingKey());
  }

  private LoopDeployment deployment(String name) {
    LoopDeployment deployment = deployments.get(name);
    if (deployment == null) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND,
          "model %s is not deployed"
              .formatted(name.length() > 140 ? name.substring(0, 140) + "..." : name));
    }
    return deployment;
  }

  /**
   * Counts an answered request; called by the adapter for every {@link
   * InferenceListener#onResponse}, once its bytes are made. (A request that ends with {@link
   * InferenceListener#onFailure} is counted here, without the adapter's help.)
   *
   * @param encodeNanos time taken to make the answer's bytes
   */
  public void recordAnswered(InferenceResponse response, CallContext context, long encodeNanos) {
    VariantMeter meter = meterOf(response);
    meter.recordSuccess(context.protocol());
    meter.recordStage(Stage.ENCODE, encodeNanos);
    meter.recordRequest(
        response.batchRows(), context.decodedNanos() - context.arrivalNanos(), encodeNanos);
    meter.recordStage(Stage.END_TO_END, runtime.nanoTime() - context.arrivalNanos());
  }

  /**
   * Counts a request whose response could not be encoded, instead of {@link #recordAnswered}; for
   * example OUTPUT_INVALID.
   */
  public void recordNotEncoded(InferenceResponse response, CallContext context, ErrorCode code) {
    meterOf(response).recordError(context.protocol(), code);
  }

  /**
   * Counts a request that was refused before {@link #submit}.
   *
   * @param model the name the caller gave; where no deployment bears it, it is counted as unknown
   *     and never becomes a label. Empty where the request was refused before it was read
   */
  public void recordRefused(String model, Protocol protocol, ErrorCode code) {
    meterOf(model).recordError(protocol, code);
  }

  private VariantMeter meterOf(String model) {
    return meters.meter(
        deployments.containsKey(model) ? new VariantKey(model, 0) : VariantKey.UNKNOWN);
  }

  private VariantMeter meterOf(InferenceResponse response) {
    return meters.meter(new VariantKey(response.model(), response.version().ref().version()));
  }

  private LoopVariant variant(PlannedVariant planned) {
    LoopVariant variant = variants.get(planned);
    if (variant == null) {
      VariantCells cells =
          new VariantCells(
              monitoring,
              "%s/%d".formatted(source, cellSources++),
              planned.key().deployment(),
              planned.version());
      cells.turn(epoch);
      variant = new LoopVariant(runtime, planned, meters.meter(planned.key()), cache, cells);
      variants.put(planned, variant);
    }
    return variant;
  }

  /**
   * Goes over to {@code plan}: requests submitted from now on are answered by it, accepted ones by
   * the variant that accepted them. Called on the loop's thread.
   *
   * @param leaving variants that {@code plan} no longer names
   */
  @SuppressWarnings("ReferenceEquality") // The same object means the same models, not only routes.
  void follow(ServingPlan plan, List<PlannedVariant> leaving) {
    epoch = plan.table().epoch();
    Map<String, LoopDeployment> next = HashMap.newHashMap(plan.deployments().size());
    plan.deployments()
        .forEach(
            (name, planned) -> {
              LoopDeployment current = deployments.get(name);
              next.put(
                  name,
                  current != null && current.planned() == planned
                      ? current
                      : new LoopDeployment(planned, this::variant));
            });
    Map<String, LoopDeployment> previous = deployments;
    deployments = next;
    leaving.forEach(this::retire);
    turnCells();
    previous.keySet().stream()
        .filter(name -> !next.containsKey(name))
        .forEach(name -> meters.retire(new VariantKey(name, 0)));
  }

  /** Hands over what was counted, and goes over to the present window. On the loop's thread. */
  void turnCells() {
    variants.values().forEach(variant -> variant.cells().turn(epoch));
  }

  private void retire(PlannedVariant planned) {
    LoopVariant variant = variants.remove(planned);
    if (variant == null) {
      planned.left();
      return;
    }
    retiring.add(variant);
    variant
        .scheduler()
        .retire(
            () -> {
              retiring.remove(variant);
              variant.cells().finish();
              if (variants.keySet().stream()
                  .noneMatch(other -> other.key().equals(planned.key()))) {
                meters.retire(planned.key());
              }
              planned.left();
            });
  }

  /** Refuses new requests from now on. Called on the loop's thread. */
  void startShutdown() {
    shuttingDown = true;
  }

  /** Fails what is not answered yet. Called on the loop's thread. */
  void abandon() {
    SlipwayException reason =
        new SlipwayException(ErrorCode.SHUTTING_DOWN, "the server shut down before the answer");
    List<LoopVariant> all = new ArrayList<>(variants.values());
    all.addAll(retiring);
    if (runtime.inFlight() > 0) {
      LOG.warn("{} requests are not answered in time for the shutdown", runtime.inFlight());
    }
    all.forEach(variant -> variant.scheduler().abandon(reason));
  }

  LoopRuntime runtime() {
    return runtime;
  }

  BufferPool bufferPool() {
    return buffers;
  }

  LoopMeters meters() {
    return meters;
  }

  long cacheBytes() {
    return cache.bytes();
  }

  /** A submitted request. */
  public interface InFlight {
    /** Nobody waits any more: removes it from its queue, or ignores its result. */
    void cancel();
  }
}
