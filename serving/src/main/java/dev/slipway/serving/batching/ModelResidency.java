package dev.slipway.serving.batching;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.engine.LoadedModel;
import org.jspecify.annotations.Nullable;

/**
 * A model that may or may not be in memory, as seen by the loops that run it. Thread-safe.
 *
 * <p>A tenant that {@link #attach attached} may use the model without asking again, until it is
 * told to {@link Tenant#evict leave}; the model is closed only after it has {@link #detached}.
 */
public interface ModelResidency {
  /**
   * @return the model, or null if it is not in memory; then {@link #requestLoad}
   */
  @Nullable LoadedModel attach(Tenant tenant);

  /** The tenant has closed its sessions. */
  void detached(Tenant tenant);

  /** Loads in the background and tells the tenant. Cheap to call again meanwhile. */
  void requestLoad(Tenant tenant);

  /** Where runs happen now; never AUTO. Changes with what the loops measure. */
  Scheduling scheduling();

  /** Moves the model, for every loop; ignored where its owner fixed the scheduling. */
  void proposeScheduling(Scheduling scheduling);

  /** One single-row run as warm-up measured it; 0 while unknown. */
  long measuredNanos();

  /** Remembers that the model was used, for the choice of what to evict. */
  void touch(long nowNanos);

  /** Told on any thread. */
  interface Tenant {
    /** Close your sessions soon and call {@link #detached}. */
    void evict();

    void loaded();

    void loadFailed(SlipwayException reason);
  }
}
