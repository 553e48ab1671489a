package dev.slipway.serving.batching;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.cache.CacheKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request between its submission and its answer; also its own link in the queue. Who submits says
 * in a subclass where the answer goes.
 *
 * <p>Invariants: {@link #isAnswered} turns true once, with the one call of the listener or the
 * cancellation; {@link #isReleased} turns true once, when the buffers go back, never before a run
 * that reads them has ended. Only the loop's thread touches it; a worker reads nothing but {@link
 * #inputs} and {@link #rows}.
 */
public abstract class PendingRequest {
  private final InferenceRequest request;
  private final long submittedNanos;
  private final long deadlineNanos;

  private List<Tensor> inputs = List.of();
  private int rows = 1;
  private int @Nullable [] outputs;
  private @Nullable CacheKey cacheKey;
  private @Nullable VariantScheduler scheduler;
  private boolean answered;
  private boolean released;

  // Owned by the scheduler and its queue.
  long expiryNanos = Long.MAX_VALUE;
  long delayAfterNanos = Long.MAX_VALUE;
  boolean alone;
  int level = RequestQueue.NOT_QUEUED;
  @Nullable PendingRequest previous;
  @Nullable PendingRequest next;

  /**
   * @param submittedNanos {@link System#nanoTime()} of now
   * @param deadlineNanos {@link System#nanoTime()} after which nobody waits; {@link Long#MAX_VALUE}
   *     means no deadline
   */
  protected PendingRequest(InferenceRequest request, long submittedNanos, long deadlineNanos) {
    this.request = request;
    this.submittedNanos = submittedNanos;
    this.deadlineNanos = deadlineNanos;
  }

  /** The id of the call, for messages and for callers that sent none. */
  protected abstract String requestId();

  protected abstract Protocol protocol();

  /** {@link System#nanoTime()} when the first byte was handled. */
  protected abstract long arrivalNanos();

  /** Delivers the answer, whose tensors are valid only during the call. */
  protected abstract void succeed(InferenceResponse response);

  /** Delivers the failure. */
  protected abstract void fail(SlipwayException failure);

  /** What validation found out. */
  public void validated(List<Tensor> inputsInOrder, int rowCount, int @Nullable [] wanted) {
    inputs = inputsInOrder;
    rows = rowCount;
    outputs = wanted;
  }

  public void cacheUnder(CacheKey key) {
    cacheKey = key;
  }

  public InferenceRequest request() {
    return request;
  }

  public long deadlineNanos() {
    return deadlineNanos;
  }

  public long submittedNanos() {
    return submittedNanos;
  }

  /** Validated inputs in the signature's order. */
  public List<Tensor> inputs() {
    return inputs;
  }

  public int rows() {
    return rows;
  }

  /** Places of the requested outputs in the signature; null means all. */
  public int @Nullable [] outputs() {
    return outputs;
  }

  public @Nullable CacheKey cacheKey() {
    return cacheKey;
  }

  /** The id to answer with: the caller's, else the request id. */
  public String responseId() {
    return request.id().isEmpty() ? requestId() : request.id();
  }

  public boolean isAnswered() {
    return answered;
  }

  boolean isReleased() {
    return released;
  }

  void markAnswered() {
    if (answered) {
      throw new IllegalStateException("request " + requestId() + " answered twice");
    }
    answered = true;
  }

  void markReleased() {
    if (released) {
      throw new IllegalStateException("request " + requestId() + " released twice");
    }
    released = true;
  }

  void scheduledBy(VariantScheduler owner) {
    scheduler = owner;
  }

  /** Whether the rows of both can be joined in one run. */
  boolean joins(PendingRequest other) {
    int count = inputs.size();
    if (count != other.inputs.size()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      Tensor own = inputs.get(i);
      Tensor theirs = other.inputs.get(i);
      Shape shape = own.shape();
      if (own.datatype() != theirs.datatype()
          || !shape.sameRow(theirs.shape())
          || !own.name().equals(theirs.name())) {
        return false;
      }
    }
    return true;
  }

  /** Nobody waits any more: leaves the queue, or its result is ignored. */
  public final void cancel() {
    if (!answered && scheduler != null) {
      scheduler.cancel(this);
    }
  }
}
