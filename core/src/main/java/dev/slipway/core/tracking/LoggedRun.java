package dev.slipway.core.tracking;

import java.util.List;
import java.util.Map;

/**
 * A run and what was logged in it.
 *
 * @param metrics the newest point of each
 */
public record LoggedRun(
    Run run,
    List<Metric> metrics,
    Map<String, String> params,
    Map<String, String> tags,
    List<Dataset> datasets,
    List<RunModel> models) {
  public LoggedRun {
    metrics = List.copyOf(metrics);
    datasets = List.copyOf(datasets);
    models = List.copyOf(models);
  }
}
