package dev.slipway.core.tracking;

import java.util.Map;
import java.util.TreeMap;

/**
 * A named set of runs.
 *
 * @param artifactLocation URI below which its runs keep files
 */
public record Experiment(
    long id,
    String name,
    String artifactLocation,
    Lifecycle lifecycle,
    long createdMillis,
    long updatedMillis,
    Map<String, String> tags) {
  public Experiment {
    tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
