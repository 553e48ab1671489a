package dev.slipway.serving.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything the serving plane has counted, added up over its event loops.
 *
 * @param variants ordered by deployment and version; {@link VariantKey#UNKNOWN} among them once a
 *     request named no deployment there is
 * @param plane what belongs to no single variant
 */
public record ServingSnapshot(List<VariantSnapshot> variants, PlaneCounts plane) {
  /**
   * What belongs to no single variant.
   *
   * @param requestsInFlight accepted and not yet answered
   * @param modelsLoaded models in memory; one artifact in two deployments is one
   * @param modelBytesLoaded what they occupy
   * @param modelLoads loads since the start, warm-ups included
   * @param modelEvictions models unloaded to stay within the budget
   * @param workersReplaced worker threads that died of an unexpected error and were replaced
   * @param bufferBytesPooled idle bytes kept by the loops' buffer pools
   * @param buffersTaken buffers taken and not yet given back
   * @param cacheBytes bytes the response caches hold
   */
  public record PlaneCounts(
      long requestsInFlight,
      long modelsLoaded,
      long modelBytesLoaded,
      long modelLoads,
      long modelEvictions,
      long workersReplaced,
      long bufferBytesPooled,
      long buffersTaken,
      long cacheBytes) {}

  public ServingSnapshot {
    variants = List.copyOf(variants);
  }

  /** Adds up the snapshots that several loops took of the same variants. */
  public static ServingSnapshot merge(Iterable<VariantSnapshot> perLoop, PlaneCounts plane) {
    Map<VariantKey, VariantSnapshot> merged = new TreeMap<>();
    for (VariantSnapshot snapshot : perLoop) {
      merged.merge(snapshot.key(), snapshot, VariantSnapshot::plus);
    }
    return new ServingSnapshot(new ArrayList<>(merged.values()), plane);
  }
}
