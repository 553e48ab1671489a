package dev.slipway.serving;

import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.ServingPlan.PlannedDeployment;
import dev.slipway.serving.batching.WorkerPool;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.serving.metrics.ServingSnapshot;
import dev.slipway.serving.metrics.ServingSnapshot.PlaneCounts;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantSnapshot;
import dev.slipway.serving.pool.ModelPool;
import dev.slipway.serving.pool.PooledModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what a {@link RoutingTable} says. Thread-safe, except that each {@link ServingLoop}
 * belongs to its event loop.
 *
 * <p>Changes go one at a time: what is new is loaded and warmed aside, then every loop goes over to
 * the new plan with one task, then the loops finish what they had accepted for the variants that
 * are gone, and the last to finish unloads them.
 */
public final class ServingPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServingPlane.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final Duration LEAVE = Duration.ofSeconds(5);
  private static final long FOLLOW_SECONDS = 30;

  /** How much of what was counted a crash may lose, before it is saved. */
  private static final Duration CELL_TURN = Duration.ofSeconds(5);

  private final ServingLimits limits;
  private final ModelPool pool;
  private final WorkerPool workers;
  private final ScheduledThreadPoolExecutor timer;
  private final Monitoring monitoring;
  private final List<ServingLoop> loops = new CopyOnWriteArrayList<>();
  private final ReentrantLock changes = new ReentrantLock();
  private final Set<String> unloaded = new HashSet<>();
  private volatile ServingPlan plan = ServingPlan.EMPTY;
  private volatile boolean closed;

  public ServingPlane(ServingLimits limits, List<ModelEngine> engines, ArtifactSource artifacts) {
    this(limits, engines, artifacts, version -> List.of(), Monitoring.OFF);
  }

  /**
   * @param examples inputs that a version is known to answer, in its signature's order, used to
   *     prove at warm-up that it does; an empty list where it has none
   * @param monitoring where what is asked and answered is counted
   */
  public ServingPlane(
      ServingLimits limits,
      List<ModelEngine> engines,
      ArtifactSource artifacts,
      Function<ModelVersion, List<Tensor>> examples,
      Monitoring monitoring) {
    this.limits = limits;
    this.monitoring = monitoring;
    EngineSelector selector = new EngineSelector(engines, new WarmUp(examples));
    this.pool = new ModelPool(selector, artifacts, limits.modelMemoryBytesMax());
    this.workers = new WorkerPool(limits.workerThreads());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("slipway-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    scheduleTurn();
  }

  /** The next turn of the cells is soon, or right at the beginning of a window. */
  private void scheduleTurn() {
    Instant now = monitoring.clock().instant();
    Duration rest = Duration.between(now, CellKey.startOf(now, CellKey.SPAN).plus(CellKey.SPAN));
    schedule(
        () -> {
          loops.forEach(loop -> loop.runtime().post(loop::turnCells));
          scheduleTurn();
        },
        Math.min(CELL_TURN.toNanos(), rest.toNanos()));
  }

  /**
   * @param loopThread runs tasks on the event loop's thread, in order
   */
  public ServingLoop openLoop(Executor loopThread) {
    changes.lock();
    try {
      requireOpen();
      ServingLoop loop =
          new ServingLoop(
              new ServingLoop.Surroundings(
                  loopThread,
                  workers,
                  this::schedule,
                  System::nanoTime,
                  () -> limits.cacheBytesMax() / Math.max(1, loops.size()),
                  limits.concurrentRequestsMax(),
                  monitoring,
                  "%s/%d".formatted(monitoring.source(), loops.size())));
      loops.add(loop);
      ServingPlan current = plan;
      loop.runtime().post(() -> loop.follow(current, List.of()));
      return loop;
    } finally {
      changes.unlock();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task only hands over to a loop, which logs.
  private void schedule(Runnable task, long delayNanos) {
    if (!timer.isShutdown()) {
      timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Goes over to {@code table}: loads and warms what is new aside, flips, then drains and unloads
   * what is gone. Blocks until the new table answers; call it off the event loops.
   *
   * @throws SlipwayException if a version cannot be loaded; the old table then still answers
   */
  public void apply(RoutingTable table) {
    try (PreparedTable prepared = prepare(table)) {
      prepared.flip();
    }
  }

  /**
   * The first half of {@link #apply}: loads and warms what {@code table} names anew, beside what
   * answers. Whoever has to record the change before it is seen does so before the second half.
   *
   * @throws SlipwayException if a version cannot be loaded; nothing has changed then
   */
  public PreparedTable prepare(RoutingTable table) {
    return prepare(table, Set.of());
  }

  /**
   * As {@link #prepare(RoutingTable)}.
   *
   * @param wanted deployments that answer afterwards even if they were unloaded
   */
  public PreparedTable prepare(RoutingTable table, Set<String> wanted) {
    Set<ModelVersion> served = new HashSet<>();
    Set<String> absent = new HashSet<>();
    changes.lock();
    try {
      requireOpen();
      plan.variants().forEach(variant -> served.add(variant.version()));
      absent.addAll(unloaded);
      absent.removeAll(wanted);
    } finally {
      changes.unlock();
    }
    List<PooledModel> held = new ArrayList<>();
    boolean complete = false;
    try {
      for (DeploymentRoute route : table.deployments().values()) {
        for (VariantRoute variant : route.variants()) {
          if (!absent.contains(route.name()) && !served.contains(variant.version())) {
            PooledModel model = pool.acquire(variant.version());
            held.add(model);
            pool.load(model);
            prepareReference(variant.version());
          }
        }
      }
      complete = true;
      return new PreparedTable(table, Set.copyOf(wanted), held);
    } finally {
      if (!complete) {
        held.forEach(pool::release);
      }
    }
  }

  /** A table whose models are loaded. Belongs to one thread; closing gives up what it holds. */
  public final class PreparedTable implements AutoCloseable {
    private final RoutingTable table;
    private final Set<String> wanted;
    private final List<PooledModel> held;

    private PreparedTable(RoutingTable table, Set<String> wanted, List<PooledModel> held) {
      this.table = table;
      this.wanted = wanted;
      this.held = held;
    }

    /** Makes the table answer; once. Blocks until every event loop has gone over. */
    public void flip() {
      changes.lock();
      try {
        requireOpen();
        Set<String> stillUnloaded = new HashSet<>(unloaded);
        stillUnloaded.retainAll(table.deployments().keySet());
        stillUnloaded.removeAll(wanted);
        goOver(table, stillUnloaded);
      } finally {
        changes.unlock();
      }
    }

    @Override
    public void close() {
      held.forEach(pool::release);
    }
  }

  public RoutingTable table() {
    return plan.table();
  }

  private void goOver(RoutingTable table, Set<String> unloadedNames) {
    ServingPlan old = plan;
    List<PooledModel> acquired = new ArrayList<>();
    ServingPlan next;
    try {
      next = prepare(old, table, unloadedNames, acquired);
    } catch (RuntimeException e) {
      acquired.forEach(pool::release);
      throw e;
    }
    Set<PlannedVariant> stays = next.variants();
    List<PlannedVariant> leaving =
        old.variants().stream().filter(variant -> !stays.contains(variant)).toList();
    List<ServingLoop> followers = List.copyOf(loops);
    leaving.forEach(
        variant -> variant.leaving(followers.size(), () -> pool.release(variant.model())));
    CountDownLatch followed = new CountDownLatch(followers.size());
    plan = next;
    unloaded.clear();
    unloaded.addAll(unloadedNames);
    for (ServingLoop loop : followers) {
      loop.runtime()
          .post(
              () -> {
                loop.follow(next, leaving);
                followed.countDown();
              });
    }
    await(followed);
  }

  private ServingPlan prepare(
      ServingPlan old, RoutingTable table, Set<String> unloadedNames, List<PooledModel> acquired) {
    Map<String, PlannedDeployment> next = HashMap.newHashMap(table.deployments().size());
    for (DeploymentRoute route : table.deployments().values()) {
      PlannedDeployment before = old.deployments().get(route.name());
      boolean stays = !unloadedNames.contains(route.name());
      if (before != null
          && (stays ? before.answers() : before.unloaded())
          && before.route().equals(route)) {
        next.put(route.name(), before);
      } else if (stays) {
        List<PlannedVariant> variants = new ArrayList<>();
        for (VariantRoute variant : route.variants()) {
          variants.add(plannedVariant(before, route.name(), variant.version(), acquired));
        }
        next.put(route.name(), PlannedDeployment.of(route, variants));
      } else {
        next.put(route.name(), PlannedDeployment.unloaded(route));
      }
    }
    table
        .unavailable()
        .forEach((name, route) -> next.put(name, PlannedDeployment.unavailable(route)));
    return new ServingPlan(table, next);
  }

  private PlannedVariant plannedVariant(
      @Nullable PlannedDeployment before,
      String deployment,
      ModelVersion version,
      List<PooledModel> acquired) {
    if (before != null) {
      for (PlannedVariant known : before.variants()) {
        if (known.version().equals(version)) {
          return known;
        }
      }
    }
    PooledModel model = pool.acquire(version);
    acquired.add(model);
    // What has answered since it was acquired may have been evicted again to make room; then its
    // next request loads it.
    if (!model.hasAnswered() || model.state() == PooledModel.State.UNLOADED) {
      pool.load(model);
    }
    prepareReference(version);
    return new PlannedVariant(deployment, version, model, limits);
  }

  /** What cannot be compared is served all the same. */
  private void prepareReference(ModelVersion version) {
    try {
      monitoring.references().prepare(version.ref());
    } catch (RuntimeException e) {
      LOG.warn("{}: its reference cannot be read, so its values are not counted", version.ref(), e);
    }
  }

  private static void await(CountDownLatch followed) {
    try {
      if (!followed.await(FOLLOW_SECONDS, TimeUnit.SECONDS)) {
        throw new SlipwayException(
            ErrorCode.INTERNAL,
            "%d event loops did not go over to the new table within %d s"
                .formatted(followed.getCount(), FOLLOW_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ErrorCode.SHUTTING_DOWN, "interrupted while the event loops went over", e);
    }
  }

  /** Every variant of every deployment, ordered by deployment and version. */
  public List<ServedVariant> variants() {
    return plan.deployments().values().stream()
        .flatMap(ServingPlane::served)
        .sorted(
            Comparator.comparing(ServedVariant::deployment)
                .thenComparingInt(variant -> variant.version().ref().version()))
        .toList();
  }

  /**
   * @param version 0 means the deployment's own choice: the variant with the greatest weight
   */
  public Optional<ServedVariant> variant(String deployment, int version) {
    PlannedDeployment planned = plan.deployments().get(deployment);
    if (planned == null) {
      return Optional.empty();
    }
    if (version != 0) {
      return served(planned)
          .filter(variant -> variant.version().ref().version() == version)
          .findFirst();
    }
    ModelVersion heaviest =
        planned.route().variants().stream()
            .max(Comparator.comparingInt(VariantRoute::weight))
            .orElseThrow()
            .version();
    return served(planned).filter(variant -> variant.version().equals(heaviest)).findFirst();
  }

  private static Stream<ServedVariant> served(PlannedDeployment planned) {
    if (planned.answers()) {
      return planned.variants().stream().map(ServingPlane::served);
    }
    return planned.route().variants().stream()
        .map(
            variant ->
                new ServedVariant(
                    planned.route().name(),
                    variant.version(),
                    planned.unloaded()
                        ? ServedVariant.State.UNLOADED
                        : ServedVariant.State.UNAVAILABLE,
                    planned.unloaded() ? "unloaded" : planned.unavailable(),
                    "",
                    variant.version().settings().engine().scheduling(),
                    0,
                    0));
  }

  private static ServedVariant served(PlannedVariant variant) {
    PooledModel model = variant.model();
    ServedVariant.State state =
        switch (model.state()) {
          case LOADED -> ServedVariant.State.READY;
          case LOADING -> ServedVariant.State.LOADING;
          case LEAVING, EVICTED -> ServedVariant.State.EVICTED;
          case UNLOADED -> ServedVariant.State.UNAVAILABLE;
        };
    String reason =
        switch (state) {
          case READY -> "";
          case LOADING -> "loading";
          case EVICTED -> "evicted, the next request loads it";
          case UNLOADED, UNAVAILABLE -> model.failureMessage();
        };
    return new ServedVariant(
        variant.key().deployment(),
        variant.version(),
        state,
        reason,
        model.engine(),
        model.scheduling(),
        model.measuredNanos(),
        model.memoryBytes());
  }

  /** Everything counted so far, added up over the loops; may be a few requests behind. */
  public ServingSnapshot metrics() {
    Map<VariantKey, Long> loadedBytes = new HashMap<>();
    for (PlannedVariant variant : plan.variants()) {
      loadedBytes.put(variant.key(), variant.model().memoryBytes());
    }
    List<VariantSnapshot> snapshots = new ArrayList<>();
    long inFlight = 0;
    long pooled = 0;
    long taken = 0;
    long cached = 0;
    for (ServingLoop loop : loops) {
      snapshots.addAll(loop.meters().snapshots(key -> loadedBytes.getOrDefault(key, 0L)));
      inFlight += loop.runtime().inFlight();
      pooled += loop.bufferPool().pooledBytes();
      taken += loop.bufferPool().taken();
      cached += loop.cacheBytes();
    }
    ModelPool.Counts models = pool.counts();
    return ServingSnapshot.merge(
        snapshots,
        new PlaneCounts(
            inFlight,
            models.modelsLoaded(),
            models.bytesLoaded(),
            models.loads(),
            models.evictions(),
            workers.replaced(),
            pooled,
            taken,
            cached));
  }

  /**
   * Whether a real inference has succeeded on every variant of the table, none of them failed to
   * load since, and none is unavailable. What its operator unloaded does not count; an empty table
   * is ready.
   */
  public boolean isReady() {
    ServingPlan current = plan;
    return !closed
        && current.table().unavailable().isEmpty()
        && current.variants().stream()
            .map(PlannedVariant::model)
            .allMatch(model -> model.hasAnswered() && model.state() != PooledModel.State.UNLOADED);
  }

  /**
   * Loads what was unloaded by {@link #unload}; blocks until it is ready.
   *
   * @throws SlipwayException NOT_FOUND if there is no such deployment, NOT_READY if it is
   *     unavailable, or why it cannot be loaded
   */
  public void load(String deployment) {
    changes.lock();
    try {
      requireDeployed(deployment);
      if (unloaded.contains(deployment)) {
        Set<String> left = new HashSet<>(unloaded);
        left.remove(deployment);
        goOver(plan.table(), left);
      }
    } finally {
      changes.unlock();
    }
  }

  /**
   * Takes a deployment out of memory until {@link #load}; requests are answered NOT_READY.
   *
   * @throws SlipwayException NOT_FOUND if there is no such deployment, NOT_READY if it is
   *     unavailable
   */
  public void unload(String deployment) {
    changes.lock();
    try {
      requireDeployed(deployment);
      Set<String> more = new HashSet<>(unloaded);
      if (more.add(deployment)) {
        goOver(plan.table(), more);
      }
    } finally {
      changes.unlock();
    }
  }

  private void requireDeployed(String deployment) {
    requireOpen();
    PlannedDeployment planned = plan.deployments().get(deployment);
    if (planned == null) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "model %s is not deployed".formatted(deployment));
    }
    if (!planned.unavailable().isEmpty()) {
      throw LoopDeployment.unavailable(planned);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new SlipwayException(ErrorCode.SHUTTING_DOWN, "the serving plane is closed");
    }
  }

  /** Refuses new requests and waits up to 30 s until the accepted ones are answered. */
  @Override
  public void close() {
    close(DRAIN);
  }

  /**
   * Refuses new requests and waits until the accepted ones are answered; what is not answered after
   * {@code drain} is answered SHUTTING_DOWN. The event loops must still run. Idempotent.
   */
  public void close(Duration drain) {
    changes.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      CountDownLatch refusing = new CountDownLatch(loops.size());
      for (ServingLoop loop : loops) {
        loop.runtime()
            .post(
                () -> {
                  loop.startShutdown();
                  refusing.countDown();
                });
      }
      awaitLeaving(refusing);
      long deadline = System.nanoTime() + drain.toNanos();
      while (loops.stream().anyMatch(loop -> loop.runtime().inFlight() > 0)
          && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      leaveModels();
      workers.close();
      timer.shutdownNow();
      pool.close();
    } finally {
      changes.unlock();
    }
  }

  private void leaveModels() {
    List<PlannedVariant> leaving = List.copyOf(plan.variants());
    CountDownLatch left = new CountDownLatch(leaving.size());
    for (PlannedVariant variant : leaving) {
      variant.leaving(
          loops.size(),
          () -> {
            pool.release(variant.model());
            left.countDown();
          });
    }
    for (ServingLoop loop : loops) {
      loop.runtime()
          .post(
              () -> {
                loop.abandon();
                loop.follow(ServingPlan.EMPTY, leaving);
              });
    }
    awaitLeaving(left);
  }

  private static void awaitLeaving(CountDownLatch latch) {
    try {
      if (!latch.await(LEAVE.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("an event loop did not answer the shutdown within {}", LEAVE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
