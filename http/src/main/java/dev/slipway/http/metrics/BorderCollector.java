package dev.slipway.http.metrics;

import dev.slipway.core.protection.AccountUses;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.identity.Refusal;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.LongSupplier;

/** Shows the server's limits, connections and control API to Prometheus. Thread-safe. */
public final class BorderCollector implements MultiCollector {
  private final LimitHits hits;
  private final LongSupplier connections;
  private final StatusCounts control;
  private final AccessCounts access;
  private final AccountUses uses;

  /**
   * @param connections how many are open
   * @param control what the control API has answered
   * @param access which requests were refused for who sent them
   * @param uses what accounts ask
   */
  public BorderCollector(
      LimitHits hits,
      LongSupplier connections,
      StatusCounts control,
      AccessCounts access,
      AccountUses uses) {
    this.hits = hits;
    this.connections = connections;
    this.control = control;
    this.access = access;
    this.uses = uses;
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
        SingleGauge.of("slipway_connections", "Open connections.", connections.getAsLong());
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
    CounterSnapshot.Builder refused =
        CounterSnapshot.builder()
            .name("slipway_access_refused")
            .help("Requests that were refused for who sent them, by the reason.");
    for (Refusal refusal : Refusal.values()) {
      refused.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("reason", refusal.label()))
              .value((double) access.total(refusal))
              .build());
    }
    CounterSnapshot suspicions =
        CounterSnapshot.builder()
            .name("slipway_extraction_suspicions")
            .help("How often an account's questions looked like an attempt to copy a model.")
            .dataPoint(CounterDataPointSnapshot.builder().value((double) uses.suspicions()).build())
            .build();
    return MetricSnapshots.of(limits.build(), open, answers.build(), refused.build(), suspicions);
  }
}
