package dev.slipway.http.control;

import dev.slipway.http.metrics.SingleGauge;
import dev.slipway.platform.audit.AuditStatus;
import dev.slipway.platform.audit.AuditTrail;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Shows the audit log's progress to Prometheus. Thread-safe. */
record AuditCollector(AuditTrail trail) implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    AuditStatus status = trail.status();
    CounterSnapshot failures =
        CounterSnapshot.builder()
            .name("slipway_audit_failures")
            .help("How often the audit log could not be signed.")
            .dataPoint(CounterDataPointSnapshot.builder().value((double) status.failures()).build())
            .build();
    return MetricSnapshots.of(
        SingleGauge.of("slipway_audit_size", "Entries of the audit log.", status.committed()),
        SingleGauge.of(
            "slipway_audit_integrated",
            "Entries that the published checkpoint of the audit log covers.",
            status.integrated()),
        SingleGauge.of(
            "slipway_audit_refusing",
            "1 if nothing is signed any more because what is stored contradicts itself.",
            status.refusing() ? 1 : 0),
        failures);
  }
}
