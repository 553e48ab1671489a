package dev.slipway.http.metrics;

import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.LongSupplier;

/** Shows the server's limits, connections and control API to Prometheus. Thread-safe. */
public final class BorderCollector implements MultiCollector {
  private final LimitHits hits;
  private final LongSupplier connections;
  private final StatusCounts control;

  /**
   * @param connections how many are open
   * @param control what the control API has answered
   */
  public BorderCollector(LimitHits hits, LongSupplier connections, StatusCounts control) {
    this.hits = hits;
    this.connections = connections;
    this.control = control;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder limits =
        CounterSnapshot.builder()
            .name("slipway_limit_hits")
            .help("How often each limit of the server has refused something.");
    for (Limit limit : Limit.values()) {
      limits.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("limit", limit.label()))
              .value((double) hits.total(limit))
              .build());
    }
    GaugeSnapshot open =
        GaugeSnapshot.builder()
            .name("slipway_connections")
            .help("Open connections.")
            .dataPoint(
                GaugeDataPointSnapshot.builder().value((double) connections.getAsLong()).build())
            .build();
    CounterSnapshot.Builder answers =
        CounterSnapshot.builder()
            .name("slipway_control_requests")
            .help("Requests of the control API by the status of their answer.");
    control
        .totals()
        .forEach(
            (status, count) ->
                answers.dataPoint(
                    CounterDataPointSnapshot.builder()
                        .labels(Labels.of("status", status.toString()))
                        .value((double) count)
                        .build()));
    return MetricSnapshots.of(limits.build(), open, answers.build());
  }
}
