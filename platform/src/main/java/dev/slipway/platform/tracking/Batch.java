package dev.slipway.platform.tracking;

import dev.slipway.core.tracking.Metric;
import java.util.List;
import java.util.Map;

/** What is logged in a run at once: all of it or nothing. */
public record Batch(List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {
  public Batch {
    metrics = List.copyOf(metrics);
  }
}
