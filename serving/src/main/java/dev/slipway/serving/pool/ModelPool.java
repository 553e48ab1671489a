package dev.slipway.serving.pool;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.batching.ModelResidency.Tenant;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.EngineSelector.Selected;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.pool.PooledModel.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory. Thread-safe; {@link #load} blocks, what loops call does not.
 *
 * <p>Invariants: a model is in {@code models} while somebody holds it; it is closed only when it
 * has no tenant; {@code bytesLoaded} is the sum over the models in state LOADED and LEAVING. A
 * model leaves in two steps, so that no request fails: its tenants are told, finish their runs and
 * close their sessions; the last one to leave hands it to the closer thread.
 */
public final class ModelPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelPool.class);
  private static final long ROOM_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LOADER_THREADS = 2;

  private final EngineSelector selector;
  private final ArtifactSource artifacts;
  private final long bytesMax;
  private final ExecutorService loaders = daemons("slipway-loader", LOADER_THREADS);
  private final ExecutorService closer = daemons("slipway-closer", 1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<PoolKey, PooledModel> models = new HashMap<>();
  private final List<PooledModel> resident = new ArrayList<>();
  private long bytesLoaded;
  private long bytesReserved;
  private long loads;
  private long evictions;

  /** What the pool holds and has done. */
  public record Counts(long modelsLoaded, long bytesLoaded, long loads, long evictions) {}

  public ModelPool(EngineSelector selector, ArtifactSource artifacts, long bytesMax) {
    this.selector = selector;
    this.artifacts = artifacts;
    this.bytesMax = bytesMax;
  }

  private static ExecutorService daemons(String name, int threads) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** The model of {@code version}, held until {@link #release}; not loaded by this. */
  public PooledModel acquire(ModelVersion version) {
    lock.lock();
    try {
      PooledModel model =
          models.computeIfAbsent(
              PoolKey.of(version), key -> new PooledModel(this, key, version, System.nanoTime()));
      model.holders++;
      return model;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what {@link #acquire} gave; the last holder's release unloads the model. */
  public void release(PooledModel model) {
    lock.lock();
    try {
      model.holders--;
      if (model.holders == 0) {
        models.remove(model.key(), model);
        if (model.state == State.LOADED) {
          startLeaving(model);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Loads and warms the model unless it is in memory, evicting others where the budget asks for it.
   *
   * @throws SlipwayException MEMORY_EXHAUSTED if it does not fit, or whatever the engine throws
   */
  public void load(PooledModel model) {
    if (!claimLoading(model)) {
      return;
    }
    long reserved = 0;
    Selected selected = null;
    try {
      long estimate = Math.max(model.bytes, model.version().sizeBytes());
      makeRoom(model, estimate);
      reserved = estimate;
      selected = selector.load(model.version(), artifacts.artifact(model.version()), model.cost());
      finishLoading(model, selected, reserved);
    } catch (RuntimeException | Error e) {
      SlipwayException reason =
          e instanceof SlipwayException known
              ? known
              : new SlipwayException(
                  ErrorCode.INTERNAL, model.version().ref() + " could not be loaded", e);
      failLoading(model, reason, selected == null ? reserved : 0);
      throw reason;
    }
    trim(model);
  }

  /** True if the caller is to load it; waits for whoever is already loading or unloading. */
  private boolean claimLoading(PooledModel model) {
    lock.lock();
    try {
      while (true) {
        switch (model.state) {
          case LOADED -> {
            model.touch(System.nanoTime());
            return false;
          }
          case LOADING, LEAVING -> changed.awaitUninterruptibly();
          case UNLOADED, EVICTED -> {
            model.state = State.LOADING;
            return true;
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void finishLoading(PooledModel model, Selected selected, long reserved) {
    List<Tenant> told;
    lock.lock();
    try {
      bytesReserved -= reserved;
      model.settle(selected);
      model.failure = null;
      model.touch(System.nanoTime());
      model.state = State.LOADED;
      bytesLoaded += model.bytes;
      resident.add(model);
      loads++;
      told = new ArrayList<>(model.waiting);
      model.waiting.clear();
      if (model.holders == 0) {
        startLeaving(model);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    told.forEach(Tenant::loaded);
  }

  private void failLoading(PooledModel model, SlipwayException reason, long reserved) {
    List<Tenant> told;
    lock.lock();
    try {
      bytesReserved -= reserved;
      model.failure = reason;
      model.retryAtNanos = System.nanoTime() + RETRY_NANOS;
      model.state = State.UNLOADED;
      told = new ArrayList<>(model.waiting);
      model.waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    SlipwayException answer = notReady(model, reason);
    told.forEach(tenant -> tenant.loadFailed(answer));
  }

  /** Evicts the least recently used until {@code bytes} more fit, and reserves them. */
  private void makeRoom(PooledModel newcomer, long bytes) {
    if (bytes > bytesMax) {
      throw tooLarge(newcomer, bytes);
    }
    lock.lock();
    try {
      long left = ROOM_WAIT_NANOS;
      while (bytesLoaded + bytesReserved + bytes > bytesMax && left > 0) {
        Optional<PooledModel> victim =
            leavingBytes() + bytesMax >= bytesLoaded + bytesReserved + bytes
                ? Optional.empty()
                : leastRecentlyUsed(newcomer);
        if (victim.isPresent()) {
          evictions++;
          startLeaving(victim.get());
        } else if (leavingBytes() > 0 || bytesReserved > 0) {
          left = awaitChange(left);
        } else {
          break;
        }
      }
      bytesReserved += bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Evicts others if a model turned out larger than its file promised, and waits until they are
   * gone, so that one load after another cannot outrun the closer.
   */
  private void trim(PooledModel kept) {
    lock.lock();
    try {
      long left = ROOM_WAIT_NANOS;
      while (bytesLoaded + bytesReserved > bytesMax && left > 0) {
        if (bytesLoaded + bytesReserved - leavingBytes() <= bytesMax) {
          left = awaitChange(left);
          continue;
        }
        Optional<PooledModel> victim = leastRecentlyUsed(kept);
        if (victim.isEmpty()) {
          return;
        }
        evictions++;
        startLeaving(victim.get());
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // The caller loops on its own condition.
  private long awaitChange(long leftNanos) {
    try {
      return changed.awaitNanos(leftNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private long leavingBytes() {
    long bytes = 0;
    for (PooledModel model : resident) {
      bytes += model.state == State.LEAVING ? model.bytes : 0;
    }
    return bytes;
  }

  private Optional<PooledModel> leastRecentlyUsed(PooledModel except) {
    return resident.stream()
        .filter(model -> model != except && model.state == State.LOADED)
        .min(Comparator.comparingLong(PooledModel::lastUsedNanos));
  }

  /** Called with the lock held. */
  private void startLeaving(PooledModel model) {
    model.state = State.LEAVING;
    if (model.tenants.isEmpty()) {
      closer.execute(() -> finishLeaving(model));
    } else {
      model.tenants.forEach(Tenant::evict);
    }
  }

  private void finishLeaving(PooledModel model) {
    Selected selected = model.selected;
    if (selected != null) {
      try {
        selected.model().close();
      } catch (RuntimeException e) {
        LOG.warn("{} did not close", model.version().ref(), e);
      }
    }
    lock.lock();
    try {
      model.selected = null;
      bytesLoaded -= model.bytes;
      resident.remove(model);
      model.state = State.EVICTED;
      if (!model.waiting.isEmpty()) {
        queueLoad(model);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Nullable LoadedModel attach(PooledModel model, Tenant tenant) {
    lock.lock();
    try {
      Selected selected = model.selected;
      if (model.state != State.LOADED || selected == null) {
        return null;
      }
      model.tenants.add(tenant);
      return selected.model();
    } finally {
      lock.unlock();
    }
  }

  void detached(PooledModel model, Tenant tenant) {
    lock.lock();
    try {
      model.tenants.remove(tenant);
      if (model.state == State.LEAVING && model.tenants.isEmpty()) {
        closer.execute(() -> finishLeaving(model));
      }
    } finally {
      lock.unlock();
    }
  }

  void requestLoad(PooledModel model, Tenant tenant) {
    SlipwayException refusal = null;
    lock.lock();
    try {
      SlipwayException lastFailure = model.failure;
      if (model.state == State.LOADED) {
        // Loaded since the caller looked.
        refusal = null;
      } else if (lastFailure != null && System.nanoTime() - model.retryAtNanos < 0) {
        refusal = notReady(model, lastFailure);
      } else {
        model.waiting.add(tenant);
        queueLoad(model);
        return;
      }
    } finally {
      lock.unlock();
    }
    if (refusal == null) {
      tenant.loaded();
    } else {
      tenant.loadFailed(refusal);
    }
  }

  /** Called with the lock held. */
  private void queueLoad(PooledModel model) {
    if (!model.loadQueued) {
      model.loadQueued = true;
      loaders.execute(() -> loadInBackground(model));
    }
  }

  private void loadInBackground(PooledModel model) {
    lock.lock();
    try {
      model.loadQueued = false;
    } finally {
      lock.unlock();
    }
    try {
      load(model);
    } catch (SlipwayException e) {
      LOG.warn("{} could not be loaded again", model.version().ref(), e);
    }
  }

  public Counts counts() {
    lock.lock();
    try {
      return new Counts(resident.size(), bytesLoaded, loads, evictions);
    } finally {
      lock.unlock();
    }
  }

  /** Stops the threads, once what they were given is done. */
  @Override
  public void close() {
    loaders.shutdown();
    closer.shutdown();
    try {
      if (!closer.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("models are still being closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SlipwayException tooLarge(PooledModel model, long bytes) {
    return new SlipwayException(
        ErrorCode.MEMORY_EXHAUSTED,
        "%s: %d bytes (expected: <= %d, the memory budget of all models)"
            .formatted(model.version().ref(), bytes, bytesMax));
  }

  private static SlipwayException notReady(PooledModel model, SlipwayException reason) {
    return new SlipwayException(
        ErrorCode.NOT_READY,
        "%s could not be loaded: %s".formatted(model.version().ref(), reason.getMessage()),
        reason);
  }
}
