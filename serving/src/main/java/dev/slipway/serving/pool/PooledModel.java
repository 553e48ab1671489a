package dev.slipway.serving.pool;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.batching.ModelResidency;
import dev.slipway.serving.batching.SchedulingChoice;
import dev.slipway.serving.engine.EngineSelector.Selected;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.MeasuredCost;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One model of the pool, in memory or not. What is not volatile or atomic is guarded by the pool's
 * lock.
 */
public final class PooledModel implements ModelResidency {
  /** Where the model is. */
  public enum State {
    /** Never loaded, or the last load failed. */
    UNLOADED,
    LOADING,
    LOADED,
    /** Tenants are leaving. */
    LEAVING,
    /** Unloaded for want of memory; the next request loads it again. */
    EVICTED
  }

  private final ModelPool pool;
  private final PoolKey key;
  private final ModelVersion version;
  private final AtomicLong lastUsedNanos;
  private volatile Scheduling scheduling;
  private volatile MeasuredCost cost = MeasuredCost.UNKNOWN;

  // Guarded by the pool's lock; the volatile ones are read without it, for status.
  final Set<Tenant> tenants = new HashSet<>();
  final Set<Tenant> waiting = new HashSet<>();
  int holders;
  boolean loadQueued;
  long retryAtNanos;
  long bytes;
  volatile State state = State.UNLOADED;
  volatile @Nullable Selected selected;
  volatile @Nullable SlipwayException failure;
  private volatile boolean hasAnswered;

  PooledModel(ModelPool pool, PoolKey key, ModelVersion version, long nowNanos) {
    this.pool = pool;
    this.key = key;
    this.version = version;
    this.lastUsedNanos = new AtomicLong(nowNanos);
    this.scheduling = version.settings().engine().scheduling();
  }

  public PoolKey key() {
    return key;
  }

  ModelVersion version() {
    return version;
  }

  public State state() {
    return state;
  }

  /** Name of the engine; empty while not in memory. */
  public String engine() {
    Selected current = selected;
    return current == null ? "" : current.engine();
  }

  /** What it occupies; 0 while not in memory. */
  public long memoryBytes() {
    Selected current = selected;
    return current == null ? 0 : current.model().memoryBytes();
  }

  /** Why the last load failed; empty if it did not. */
  public String failureMessage() {
    SlipwayException reason = failure;
    return reason == null ? "" : reason.getMessage();
  }

  /** Whether it has been in memory and answered a real inference. */
  public boolean hasAnswered() {
    return hasAnswered;
  }

  void settle(Selected loaded) {
    selected = loaded;
    bytes = loaded.model().memoryBytes();
    cost = loaded.cost();
    if (scheduling == Scheduling.AUTO || !hasAnswered) {
      scheduling =
          SchedulingChoice.choose(
              version.settings().engine().scheduling(),
              loaded.model().blocks(),
              version.signature().isBatched(),
              loaded.cost());
    }
    hasAnswered = true;
  }

  long lastUsedNanos() {
    return lastUsedNanos.getOpaque();
  }

  MeasuredCost cost() {
    return cost;
  }

  @Override
  public @Nullable LoadedModel attach(Tenant tenant) {
    return pool.attach(this, tenant);
  }

  @Override
  public void detached(Tenant tenant) {
    pool.detached(this, tenant);
  }

  @Override
  public void requestLoad(Tenant tenant) {
    pool.requestLoad(this, tenant);
  }

  @Override
  public Scheduling scheduling() {
    return scheduling;
  }

  @Override
  public void proposeScheduling(Scheduling proposed) {
    Selected current = selected;
    if (version.settings().engine().scheduling() == Scheduling.AUTO
        && !(current != null && current.model().blocks() && proposed != Scheduling.WORKER)) {
      scheduling = proposed;
    }
  }

  @Override
  public long measuredNanos() {
    return cost.singleNanos();
  }

  @Override
  public void touch(long nowNanos) {
    lastUsedNanos.setOpaque(nowNanos);
  }
}
