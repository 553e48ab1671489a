package dev.slipway.serving;

import dev.slipway.core.routing.RoutingTable;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.metrics.ServingSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Serves what a {@link RoutingTable} says. Thread-safe, except that each {@link ServingLoop}
 * belongs to its event loop.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ServingPlane implements AutoCloseable {
  public ServingPlane(ServingLimits limits, List<ModelEngine> engines, ArtifactSource artifacts) {
    throw new UnsupportedOperationException();
  }

  /**
   * @param loopThread runs tasks on the event loop's thread, in order
   */
  public ServingLoop openLoop(Executor loopThread) {
    throw new UnsupportedOperationException();
  }

  /**
   * Goes over to {@code table}: loads and warms what is new aside, flips, then drains and unloads
   * what is gone. Blocks until the new table answers; call it off the event loops.
   *
   * @throws dev.slipway.core.error.SlipwayException if a version cannot be loaded; the old table
   *     then still answers
   */
  public void apply(RoutingTable table) {
    throw new UnsupportedOperationException();
  }

  public RoutingTable table() {
    throw new UnsupportedOperationException();
  }

  /** Every variant of every deployment, ordered by deployment and version. */
  public List<ServedVariant> variants() {
    throw new UnsupportedOperationException();
  }

  /**
   * @param version 0 means the deployment's own choice
   */
  public Optional<ServedVariant> variant(String deployment, int version) {
    throw new UnsupportedOperationException();
  }

  /** Everything counted so far, added up over the loops; may be a few requests behind. */
  public ServingSnapshot metrics() {
    throw new UnsupportedOperationException();
  }

  /** Whether a real inference has succeeded on every variant of the table. */
  public boolean isReady() {
    throw new UnsupportedOperationException();
  }

  /** Loads what was unloaded by {@link #unload}; blocks until it is ready. */
  public void load(String deployment) {
    throw new UnsupportedOperationException();
  }

  /** Takes a deployment out of memory until {@link #load}; requests are answered NOT_READY. */
  public void unload(String deployment) {
    throw new UnsupportedOperationException();
  }

  /** Refuses new requests and waits until the accepted ones are answered. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
