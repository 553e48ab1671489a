package dev.slipway.http.control.signin;

import dev.slipway.http.metrics.SingleGauge;
import dev.slipway.platform.session.Sessions;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.atomic.LongAdder;

/** Shows Prometheus how sign-ins of browsers ended, since the start. Thread-safe. */
final class SignInCounts implements MultiCollector {
  private final Sessions sessions;
  final LongAdder accepted = new LongAdder();

  /** What came back was not accepted. */
  final LongAdder refused = new LongAdder();

  /** The provider, or this server, could not do its part. */
  final LongAdder failed = new LongAdder();

  SignInCounts(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        CounterSnapshot.builder()
            .name("slipway_sign_ins")
            .help("Sign-ins of browsers, by how they ended.")
            .dataPoint(point("accepted", accepted))
            .dataPoint(point("refused", refused))
            .dataPoint(point("failed", failed))
            .build(),
        SingleGauge.of(
            "slipway_sessions", "Sessions of browsers that are kept.", sessions.count()));
  }

  private static CounterDataPointSnapshot point(String outcome, LongAdder count) {
    return CounterDataPointSnapshot.builder()
        .labels(Labels.of("outcome", outcome))
        .value((double) count.sum())
        .build();
  }
}
