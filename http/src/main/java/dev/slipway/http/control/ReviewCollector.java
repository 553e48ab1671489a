package dev.slipway.http.control;

import dev.slipway.core.governance.Promotion;
import dev.slipway.http.metrics.SingleGauge;
import dev.slipway.platform.governance.Promotions;
import io.prometheus.metrics.model.registry.MultiCollector;
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
        SingleGauge.of(
            "slipway_promotions_unreviewed",
            "Promotions whose glass was broken and that nobody has reviewed.",
            waiting.size()),
        SingleGauge.of(
            "slipway_promotions_review_overdue",
            "Those of them whose review is overdue, which closes their environment.",
            waiting.stream().filter(promotion -> promotion.isReviewOverdue(now)).count()));
  }
}
