package dev.slipway.http.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceWindows;
import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.drift.cell.VersionReference;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.monitor.DriftMonitor;
import dev.slipway.platform.monitor.WindowLength;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DriftCollectorTest {
  private static FieldReference age(String tensor, int column) {
    return new FieldReference(
        new FieldPlace(FieldPlace.Side.INPUT, tensor, column),
        NumericReference.of("age", new double[] {1, 2, 3}, 0, BinRules.DEFAULT),
        new ReferenceWindows(
            3, List.of(new ReferenceWindows.Window(0.1, 2), new ReferenceWindows.Window(0.1, 1))));
  }

  /** Two series of one name and one set of labels would fail the whole scrape. */
  @Test
  void fieldsOfTheSameNameAreSeriesOfTheirOwn() {
    VersionReference reference =
        new VersionReference(
            ContentDigest.of(new byte[0]),
            3,
            List.of(age("user", 0), age("item", 0), age("item", 1)));
    DriftMonitor.Watched watched =
        new DriftMonitor.Watched(
            "fraud",
            new ModelRef("fraud", 2),
            FrozenReference.of(reference),
            WindowLength.HOUR,
            Instant.EPOCH,
            DriftReport.of(reference, List.of(reference.none()), AlertRule.DEFAULT));

    MetricSnapshots snapshots = DriftCollector.of(List.of(watched), 4);

    assertThat(
            snapshots.stream()
                .filter(metric -> metric.getMetadata().getName().equals("slipway_drift_psi"))
                .flatMap(metric -> metric.getDataPoints().stream())
                .flatMap(
                    point ->
                        Stream.of(
                            point.getLabels().get("tensor") + point.getLabels().get("column"))))
        .containsExactlyInAnyOrder("user0", "item0", "item1");
  }
}
