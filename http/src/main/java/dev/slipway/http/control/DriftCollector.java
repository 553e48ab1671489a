package dev.slipway.http.control;

import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.platform.monitor.CellKeeper;
import dev.slipway.platform.monitor.DriftMonitor;
import dev.slipway.platform.monitor.DriftWatch;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/**
 * Shows Prometheus what the last look at the past hour saw. Labels are {@code model} (the
 * deployment), {@code version}, {@code feature}, and the value's place, since names may repeat: as
 * many as references have.
 */
record DriftCollector(DriftWatch watch, CellKeeper cells) implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    return of(watch.latest(), cells.dropped());
  }

  static MetricSnapshots of(List<DriftMonitor.Watched> latest, long dropped) {
    GaugeSnapshot.Builder psi =
        gauge("slipway_drift_psi", "PSI of the past hour against the version's reference.");
    GaugeSnapshot.Builder bound =
        gauge("slipway_drift_psi_bound", "PSI from which a feature drifts.");
    GaugeSnapshot.Builder alert =
        gauge("slipway_drift_alert", "1 while a feature drifts in two of the last three hours.");
    GaugeSnapshot.Builder rows =
        gauge("slipway_drift_rows", "Rows of the past hour that were compared.");
    for (DriftMonitor.Watched watched : latest) {
      Labels version =
          Labels.of(
              "model",
              watched.deployment(),
              "version",
              Integer.toString(watched.version().version()));
      rows.dataPoint(point(version, (double) watched.report().rows()));
      for (DriftReport.Field field : watched.report().fields()) {
        FieldPlace place = field.field().place();
        Labels labels =
            version.merge(
                Labels.of(
                    "side",
                    place.side().label(),
                    "tensor",
                    place.tensor(),
                    "column",
                    Integer.toString(place.column()),
                    "feature",
                    field.field().reference().feature()));
        psi.dataPoint(point(labels, field.latest().psi()));
        bound.dataPoint(point(labels, field.latest().bound()));
        alert.dataPoint(point(labels, field.alert() ? 1 : 0));
      }
    }
    return MetricSnapshots.of(
        psi.build(),
        bound.build(),
        alert.build(),
        rows.build(),
        CounterSnapshot.builder()
            .name("slipway_cells_dropped")
            .help("Cells that nobody will see, because too many waited for the database.")
            .dataPoint(CounterDataPointSnapshot.builder().value((double) dropped).build())
            .build());
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
