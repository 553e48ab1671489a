package dev.slipway.serving;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ModelVersion;

/**
 * A version that a deployment routes to, and how it is being served.
 *
 * @param reason why it is not ready; empty when it is
 * @param engine name of the engine that was chosen; empty while none is loaded
 * @param scheduling what was chosen, never AUTO once loaded
 * @param measuredNanos one single-row run, as measured at warm-up; 0 while unknown
 * @param memoryBytes what the model occupies; 0 while unloaded
 */
public record ServedVariant(
    String deployment,
    ModelVersion version,
    State state,
    String reason,
    String engine,
    Scheduling scheduling,
    long measuredNanos,
    long memoryBytes) {
  /** States of the V2 model repository extension. */
  public enum State {
    LOADING,
    READY,
    /** Unloaded to stay within the memory budget; the next request loads it again. */
    EVICTED,
    UNLOADED,
    UNAVAILABLE
  }
}
