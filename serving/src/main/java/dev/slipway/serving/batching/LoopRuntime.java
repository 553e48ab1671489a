package dev.slipway.serving.batching;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.metrics.VariantMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the schedulers of one event loop share: its thread, the workers, the clock, the buffers, and
 * the count of requests in flight.
 *
 * <p>{@link #post} may be called from any thread and wakes the loop once for however many messages
 * arrive meanwhile; everything else belongs to the loop's thread.
 */
public final class LoopRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(LoopRuntime.class);

  /** How late a deadline may be noticed while a request waits for an engine. */
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Executor loopThread;
  private final Executor workers;
  private final Timer timer;
  private final LongSupplier clock;
  private final BufferSource buffers;

  private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final List<VariantScheduler> watched = new ArrayList<>();
  private final AtomicLong inFlight = new AtomicLong();
  private boolean sweepArmed;

  public LoopRuntime(
      Executor loopThread,
      Executor workers,
      Timer timer,
      LongSupplier clock,
      BufferSource buffers) {
    this.loopThread = loopThread;
    this.workers = workers;
    this.timer = timer;
    this.clock = clock;
    this.buffers = buffers;
  }

  /** As {@link System#nanoTime()}. */
  public long nanoTime() {
    return clock.getAsLong();
  }

  /** Requests accepted and not yet answered; readable from any thread. */
  public long inFlight() {
    return inFlight.getOpaque();
  }

  /**
   * Runs {@code message} on the loop's thread, after those posted before. Once that thread is gone,
   * on the caller's: nothing else can touch the loop then, and sessions still get closed.
   */
  public void post(Runnable message) {
    messages.add(message);
    if (draining.compareAndSet(false, true)) {
      try {
        loopThread.execute(this::drain);
      } catch (RejectedExecutionException e) {
        drainWithoutLoop();
      }
    }
  }

  private synchronized void drainWithoutLoop() {
    drain();
  }

  private void drain() {
    draining.set(false);
    for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
      try {
        message.run();
      } catch (RuntimeException e) {
        LOG.error("a message to an event loop failed", e);
      }
    }
  }

  /** Runs {@code task} at the end of this pass of the loop. */
  void endOfPass(Runnable task) {
    try {
      loopThread.execute(task);
    } catch (RejectedExecutionException e) {
      post(task);
    }
  }

  void onWorker(Runnable task) {
    workers.execute(task);
  }

  LongSupplier clock() {
    return clock;
  }

  void later(Runnable message, long delayNanos) {
    timer.schedule(() -> post(message), delayNanos);
  }

  /** Sweeps the scheduler's requests for passed deadlines until it says that it has none. */
  void watch(VariantScheduler scheduler) {
    watched.add(scheduler);
    armSweep();
  }

  private void armSweep() {
    if (!sweepArmed) {
      sweepArmed = true;
      later(this::sweep, SWEEP_NANOS);
    }
  }

  private void sweep() {
    sweepArmed = false;
    long now = nanoTime();
    List<VariantScheduler> round = new ArrayList<>(watched);
    watched.clear();
    for (VariantScheduler scheduler : round) {
      if (scheduler.sweep(now)) {
        watched.add(scheduler);
      }
    }
    if (!watched.isEmpty()) {
      armSweep();
    }
  }

  void accepted() {
    inFlight.setOpaque(inFlight.getPlain() + 1);
  }

  private void answered() {
    inFlight.setOpaque(inFlight.getPlain() - 1);
  }

  /** Answers an accepted request; its buffers are released apart. */
  void respond(PendingRequest request, InferenceResponse response) {
    request.markAnswered();
    answered();
    try {
      request.succeed(response);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("request {}: its listener failed", request.requestId(), e);
    }
  }

  /** Answers an accepted request with an error; its buffers are released apart. */
  void fail(PendingRequest request, VariantMeter meter, SlipwayException failure) {
    request.markAnswered();
    answered();
    meter.recordError(request.protocol(), failure.code());
    notifyFailure(request, failure);
  }

  void cancelled(PendingRequest request, VariantMeter meter) {
    request.markAnswered();
    answered();
    meter.recordError(request.protocol(), ErrorCode.CANCELLED);
  }

  /** Answers a request that was never accepted, and releases it. */
  public void refuse(PendingRequest request, VariantMeter meter, SlipwayException reason) {
    request.markAnswered();
    meter.recordError(request.protocol(), reason.code());
    notifyFailure(request, reason);
    release(request);
  }

  /** Answers a request from the cache, without accepting it, and releases it. */
  public void respondAtOnce(PendingRequest request, InferenceResponse response) {
    accepted();
    respond(request, response);
    release(request);
  }

  private static void notifyFailure(PendingRequest request, SlipwayException failure) {
    try {
      request.fail(failure);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("request {}: its listener failed", request.requestId(), e);
    }
  }

  /** Gives the request's buffers back. */
  void release(PendingRequest request) {
    request.markReleased();
    List<Tensor> inputs = request.request().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      buffers.giveBack(inputs.get(i).data());
    }
  }
}
