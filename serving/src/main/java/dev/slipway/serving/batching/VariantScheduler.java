package dev.slipway.serving.batching;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.engine.LoadedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the requests of one variant run on one event loop.
 *
 * <p>INLINE runs a request at once. TURN runs what arrived in one pass of the loop when the pass
 * ends: no timer, no hand-over. WORKER gives a batch to each idle instance at the end of the pass
 * and whenever an instance comes back. A model that turns out slow moves from the loop to the
 * workers, a fast one back, unless its owner fixed it.
 *
 * <p>Invariants: a run slot is busy from before it is filled until its last answer was delivered,
 * so that a listener that submits from within cannot disturb the outputs it reads; sessions are
 * closed only while no slot is busy; every accepted request is answered or cancelled exactly once.
 */
public final class VariantScheduler implements ModelResidency.Tenant {
  /** Longest time one call keeps the loop before others get their turn. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Longest wait for a model that is not in memory. */
  private static final long COLD_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LoopRuntime loop;
  private final QueuePolicy policy;
  private final ModelResidency residency;
  private final Delivery delivery;
  private final RequestQueue queue;
  private final AdmissionControl admission;
  private final List<RunSlot> slots = new ArrayList<>();
  private RunCost cost;
  private @Nullable LoadedModel model;
  private @Nullable Runnable retired;
  private int busySlots;
  private boolean evicting;
  private boolean loadRequested;
  private boolean turnScheduled;
  private boolean delayArmed;
  private boolean watched;

  public VariantScheduler(
      LoopRuntime loop, QueuePolicy policy, ModelResidency residency, Delivery delivery) {
    this.loop = loop;
    this.policy = policy;
    this.residency = residency;
    this.delivery = delivery;
    this.queue = new RequestQueue(policy.priorities());
    this.admission = new AdmissionControl(policy);
    this.cost = new RunCost(0);
  }

  /**
   * Accepts a validated request and runs it now or later.
   *
   * @throws SlipwayException QUEUE_FULL or DEADLINE_EXCEEDED if it cannot be run in time; it is
   *     then not accepted
   */
  public void submit(PendingRequest request) {
    long now = request.submittedNanos();
    admission.requireRoom(
        request,
        queue,
        model == null ? null : cost,
        residency.scheduling() == Scheduling.WORKER ? policy.instances() : 1);
    request.scheduledBy(this);
    request.expiryNanos = request.deadlineNanos();
    long timeoutNanos = policy.timeoutNanos(request.request().parameters());
    if (timeoutNanos != Long.MAX_VALUE) {
      if (policy.delaysLateRequests()) {
        request.delayAfterNanos = now + timeoutNanos;
      } else {
        request.expiryNanos = Math.min(request.expiryNanos, now + timeoutNanos);
      }
    }
    loop.accepted();
    residency.touch(now);
    if (!attach()) {
      delivery.meter().recordColdStart();
      enqueue(request);
      watch();
      return;
    }
    if (residency.scheduling() == Scheduling.INLINE
        && busySlots == 0
        && queue.isEmpty()
        && policy.maxDelayNanos() == 0) {
      runAtOnce(request);
      return;
    }
    enqueue(request);
    // While a slot delivers on this thread, whoever delivers goes on with the queue.
    if (busySlots == 0 || residency.scheduling() == Scheduling.WORKER) {
      scheduleTurn();
    }
  }

  /** Nobody waits for {@code request} any more. */
  void cancel(PendingRequest request) {
    loop.cancelled(request, delivery.meter());
    if (request.level != RequestQueue.NOT_QUEUED) {
      dequeue(request);
      loop.release(request);
      settle();
    }
  }

  /**
   * Finishes what was accepted, then closes the sessions, leaves the model and runs {@code done} on
   * the loop. Nothing may be submitted afterwards.
   */
  public void retire(Runnable done) {
    retired = done;
    pump();
  }

  /** Fails everything that has not been answered; for a shutdown that waited long enough. */
  public void abandon(SlipwayException reason) {
    failQueued(reason);
    for (RunSlot slot : slots) {
      failRunning(slot, Long.MAX_VALUE, reason);
    }
    settle();
  }

  @Override
  public void evict() {
    loop.post(
        () -> {
          evicting = model != null;
          settle();
        });
  }

  @Override
  public void loaded() {
    loop.post(
        () -> {
          loadRequested = false;
          pump();
        });
  }

  @Override
  public void loadFailed(SlipwayException reason) {
    loop.post(
        () -> {
          loadRequested = false;
          failQueued(reason);
          settle();
        });
  }

  /**
   * Answers requests whose deadline has passed, waiting or running.
   *
   * @return whether any is left to watch
   */
  boolean sweep(long now) {
    PendingRequest request = queue.peek();
    while (request != null) {
      PendingRequest following = queue.after(request);
      if (request.expiryNanos <= now) {
        expire(request, now);
      } else if (model == null && now - request.submittedNanos() > COLD_WAIT_NANOS) {
        dequeue(request);
        loop.fail(request, delivery.meter(), notLoadedInTime());
        loop.release(request);
      }
      // A listener may have changed the queue; a request that left it ends this sweep.
      request = following != null && following.level != RequestQueue.NOT_QUEUED ? following : null;
    }
    for (int i = 0; i < slots.size(); i++) {
      failRunning(slots.get(i), now, null);
    }
    settle();
    watched = !queue.isEmpty() || busySlots > 0;
    return watched;
  }

  private void watch() {
    if (!watched) {
      watched = true;
      loop.watch(this);
    }
  }

  private void enqueue(PendingRequest request) {
    queue.add(request, policy.level(request.request().parameters()));
    delivery.meter().queueDepth(queue.size());
  }

  private void dequeue(PendingRequest request) {
    queue.remove(request);
    delivery.meter().queueDepth(queue.size());
  }

  private boolean attach() {
    if (model != null) {
      return !evicting;
    }
    if (loadRequested) {
      return false;
    }
    LoadedModel attached = residency.attach(this);
    if (attached == null) {
      loadRequested = true;
      residency.requestLoad(this);
      return false;
    }
    model = attached;
    cost = new RunCost(residency.measuredNanos());
    slots.add(new RunSlot(attached, loop.clock()));
    return true;
  }

  private void scheduleTurn() {
    if (!turnScheduled) {
      turnScheduled = true;
      loop.endOfPass(this::turn);
    }
  }

  private void turn() {
    turnScheduled = false;
    pump();
  }

  /** Runs what waits, as far as engines are free. */
  private void pump() {
    if (!queue.isEmpty() && attach()) {
      switch (residency.scheduling()) {
        case WORKER -> pumpWorkers();
        case INLINE, TURN -> pumpLoop();
        case AUTO -> throw new IllegalStateException("AUTO is resolved when a model is loaded");
      }
    }
    settle();
  }

  private void runAtOnce(PendingRequest request) {
    RunSlot slot = slots.get(0);
    take(slot);
    slot.add(request);
    slot.execute();
    deliver(slot);
    if (queue.isEmpty()) {
      settle();
    } else {
      pump();
    }
  }

  private void pumpLoop() {
    if (busySlots > 0) {
      return;
    }
    RunSlot slot = slots.get(0);
    long start = loop.nanoTime();
    long now = start;
    while (!queue.isEmpty() && !evicting && take(slot, now)) {
      slot.execute();
      deliver(slot);
      now = loop.nanoTime();
      if (now - start > TURN_NANOS && !queue.isEmpty()) {
        scheduleTurn();
        return;
      }
    }
  }

  private void pumpWorkers() {
    while (slots.size() < policy.instances() && model != null) {
      slots.add(new RunSlot(model, loop.clock()));
    }
    long now = loop.nanoTime();
    for (int i = 0; i < policy.instances() && !queue.isEmpty(); i++) {
      RunSlot slot = slots.get(i);
      if (!slot.isBusy()) {
        if (!take(slot, now)) {
          break;
        }
        loop.onWorker(() -> runOnWorker(slot));
      }
    }
    watch();
  }

  /** Runs on a worker; rethrows what the engine did not foresee, so that the thread is replaced. */
  private void runOnWorker(RunSlot slot) {
    slot.execute();
    Throwable failure = slot.failure();
    boolean crashed = slot.hasCrashed();
    loop.post(
        () -> {
          deliver(slot);
          pump();
        });
    if (crashed) {
      throw new WorkerCrashException(failure);
    }
  }

  private void take(RunSlot slot) {
    slot.take();
    busySlots++;
  }

  private void free(RunSlot slot) {
    slot.clear();
    busySlots--;
  }

  private void deliver(RunSlot slot) {
    cost.record(slot.rows(), slot.inferNanos());
    proposeScheduling();
    if (delivery.deliver(slot) == Delivery.Result.RUN_AGAIN_ALONE) {
      for (PendingRequest request : slot.requests()) {
        if (request.isAnswered()) {
          loop.release(request);
        } else {
          request.alone = true;
          queue.add(request, RequestQueue.RERUN);
        }
      }
    }
    if (slot.hasCrashed()) {
      slot.closeSession();
    }
    free(slot);
  }

  private void proposeScheduling() {
    boolean onWorkers = residency.scheduling() == Scheduling.WORKER;
    if (!onWorkers && cost.isTooSlowForLoop()) {
      residency.proposeScheduling(Scheduling.WORKER);
      cost.restart();
    } else if (onWorkers && cost.isFastEnoughForLoop()) {
      residency.proposeScheduling(Scheduling.TURN);
      cost.restart();
    }
  }

  /** Takes the slot with the next batch; false if nothing is to run yet. */
  private boolean take(RunSlot slot, long now) {
    take(slot);
    int mostRows =
        policy.settings().maxBatchSize() > 0
            ? policy.settings().maxBatchSize()
            : cost.automaticRows();
    if (!waitsForCompany(mostRows, now)) {
      fill(slot, mostRows, now);
    }
    if (slot.requests().isEmpty()) {
      free(slot);
      return false;
    }
    return true;
  }

  private void fill(RunSlot slot, int mostRows, long now) {
    for (PendingRequest next = queue.peek(); next != null; next = queue.peek()) {
      if (next.expiryNanos <= now) {
        expire(next, now);
      } else if (next.delayAfterNanos <= now && next.level != RequestQueue.RERUN) {
        dequeue(next);
        next.delayAfterNanos = Long.MAX_VALUE;
        queue.add(next, queue.delayedLevel());
      } else if (slot.requests().isEmpty() || joins(slot, next, mostRows)) {
        dequeue(next);
        slot.add(next);
      } else {
        return;
      }
    }
  }

  private boolean joins(RunSlot slot, PendingRequest next, int mostRows) {
    PendingRequest first = slot.requests().get(0);
    return policy.joinable()
        && delivery.canSlice()
        && !first.alone
        && slot.rows() + next.rows() <= mostRows
        && first.joins(next);
  }

  /** Whether the user asked to wait for a fuller batch; arms a timer for when that ends. */
  private boolean waitsForCompany(int mostRows, long now) {
    long delayNanos = policy.maxDelayNanos();
    PendingRequest head = queue.peek();
    if (delayNanos == 0
        || head == null
        || head.level == RequestQueue.RERUN
        || retired != null
        || queue.rows() >= mostRows) {
      return false;
    }
    long leftNanos = head.submittedNanos() + delayNanos - now;
    if (leftNanos <= 0) {
      return false;
    }
    if (!delayArmed) {
      delayArmed = true;
      loop.later(this::delayEnded, leftNanos);
    }
    return true;
  }

  private void delayEnded() {
    delayArmed = false;
    pump();
  }

  private void expire(PendingRequest request, long now) {
    dequeue(request);
    loop.fail(request, delivery.meter(), deadlinePassed(request, now));
    loop.release(request);
  }

  /** Answers those whose time is over, or all if there is a reason; their buffers stay in use. */
  private void failRunning(RunSlot slot, long now, @Nullable SlipwayException reason) {
    List<PendingRequest> running = slot.requests();
    for (int i = 0; i < running.size(); i++) {
      PendingRequest request = running.get(i);
      if (!request.isAnswered() && (reason != null || request.deadlineNanos() <= now)) {
        loop.fail(
            request, delivery.meter(), reason != null ? reason : deadlinePassed(request, now));
      }
    }
  }

  private void failQueued(SlipwayException reason) {
    for (PendingRequest next = queue.peek(); next != null; next = queue.peek()) {
      dequeue(next);
      loop.fail(next, delivery.meter(), reason);
      loop.release(next);
    }
  }

  /** Leaves the model once nothing runs, if it has to go or the variant is done. */
  private void settle() {
    if (busySlots > 0) {
      return;
    }
    if (evicting) {
      evicting = false;
      leave();
      if (!queue.isEmpty()) {
        attach();
        watch();
      }
    }
    Runnable done = retired;
    if (done != null && queue.isEmpty()) {
      retired = null;
      leave();
      done.run();
    }
  }

  private void leave() {
    if (model != null) {
      slots.forEach(RunSlot::closeSession);
      slots.clear();
      model = null;
      residency.detached(this);
    }
  }

  private static SlipwayException deadlinePassed(PendingRequest request, long now) {
    return new SlipwayException(
        ErrorCode.DEADLINE_EXCEEDED,
        "no answer within %d us of arrival (expected: within the deadline)"
            .formatted(TimeUnit.NANOSECONDS.toMicros(now - request.arrivalNanos())));
  }

  private static SlipwayException notLoadedInTime() {
    return new SlipwayException(
        ErrorCode.NOT_READY, "the model was unloaded and is not back within 30 s");
  }
}
