package dev.slipway.http.control;

import dev.slipway.core.governance.Promotion;
import dev.slipway.platform.governance.Promotions;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Shows Prometheus which broken glass waits for a review, so that somebody is called. */
record ReviewCollector(Promotions promotions, InstantSource clock) implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    Instant now = clock.instant();
    List<Promotion> waiting = promotions.unreviewed();
    return MetricSnapshots.of(
        gauge(
            "slipway_promotions_unreviewed",
            "Promotions whose glass was broken and that nobody has reviewed.",
            waiting.size()),
        gauge(
            "slipway_promotions_review_overdue",
            "Those of them whose review is overdue, which closes their environment.",
            waiting.stream().filter(promotion -> promotion.isReviewOverdue(now)).count()));
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value((double) value).build())
        .build();
  }
}
