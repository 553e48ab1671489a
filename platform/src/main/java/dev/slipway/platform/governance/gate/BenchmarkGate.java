package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.evaluation.PairedBootstrap;
import dev.slipway.core.evaluation.PairedBootstrap.Difference;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.governance.gate.ScoreSettings.Scores;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code benchmark}: the candidate is at most {@code difference_min} worse than what serves now, on
 * the same held-out rows and beyond chance; where nothing serves yet, it reaches {@code
 * metric_min}.
 */
final class BenchmarkGate implements Gate {
  private record Settings(
      ScoreSettings score,
      PairedBootstrap bootstrap,
      double differenceMin,
      @Nullable Double metricMin) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("benchmark", json);
      Settings settings =
          new Settings(
              ScoreSettings.of(parameters),
              new PairedBootstrap(
                  parameters.whole("resamples", 1_000, 100, 100_000),
                  parameters.number("confidence", 0.95, 0.5, 0.9999),
                  parameters.whole("seed", 1, 0, Integer.MAX_VALUE)),
              parameters.number("difference_min", -0.01, -Double.MAX_VALUE, Double.MAX_VALUE),
              parameters.optionalNumber("metric_min", -Double.MAX_VALUE, Double.MAX_VALUE));
      parameters.requireNoOthers();
      return settings;
    }
  }

  /** What a comparison came to. */
  private record Judged(Verdict verdict, List<String> findings) {}

  @Override
  public String name() {
    return "benchmark";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    Holdout holdout = ScoreSettings.require(subject.holdout(), name());
    double[] labels = settings.score().labels(holdout);
    Map<String, ContentDigest> inputs = new HashMap<>();
    inputs.put("holdout", holdout.digest());
    ModelVersion incumbent = subject.incumbent();
    if (incumbent != null) {
      inputs.put("incumbent", ContentDigest.of(incumbent.digest()));
    }
    Measurements measurements =
        new Measurements()
            .put("metric", settings.score().metric().label())
            .put("rows", labels.length);
    if (settings.score().metric().isOfClasses()) {
      measurements.put("positives", ScoreSettings.positives(labels));
    }
    Judged judged = judge(subject, settings, holdout, labels, measurements);
    return new GateOutcome(judged.verdict(), inputs, measurements.build(), judged.findings());
  }

  private static Judged judge(
      GateSubject subject,
      Settings settings,
      Holdout holdout,
      double[] labels,
      Measurements measurements) {
    Scores candidate = scores(subject, subject.candidate(), settings.score(), holdout);
    if (candidate.failure().isPresent()) {
      return new Judged(
          Verdict.FAILED,
          List.of(
              "%s does not answer the held-out rows: %s"
                  .formatted(subject.candidate().ref(), candidate.failure().get())));
    }
    ModelVersion current = subject.incumbent();
    if (current == null) {
      return alone(settings, labels, candidate.values(), measurements);
    }
    Scores incumbent = scores(subject, current, settings.score(), holdout);
    if (incumbent.failure().isPresent()) {
      return new Judged(
          Verdict.INCONCLUSIVE,
          List.of(
              "%s, which serves now, does not answer the held-out rows: %s"
                  .formatted(current.ref(), incumbent.failure().get())));
    }
    return against(settings, labels, candidate.values(), incumbent.values(), measurements);
  }

  private static Scores scores(
      GateSubject subject, ModelVersion version, ScoreSettings settings, Holdout holdout) {
    try (RowModel model = subject.models().apply(version)) {
      return settings.scores(model, holdout);
    }
  }

  private static Judged alone(
      Settings settings, double[] labels, double[] candidate, Measurements measurements) {
    Metric metric = settings.score().metric();
    double value = metric.value(labels, candidate, settings.score().threshold());
    measurements.put("candidate", value);
    if (Double.isNaN(value)) {
      return undefined(metric);
    }
    Double least = settings.metricMin();
    if (least == null) {
      return new Judged(
          Verdict.INCONCLUSIVE,
          List.of("nothing serves there to compare with (expected: parameter metric_min)"));
    }
    List<String> findings = new ArrayList<>();
    requireLeast(findings, metric, value, least);
    return new Judged(findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED, findings);
  }

  private static Judged against(
      Settings settings,
      double[] labels,
      double[] candidate,
      double[] incumbent,
      Measurements measurements) {
    Metric metric = settings.score().metric();
    Difference difference =
        settings
            .bootstrap()
            .difference(metric, labels, candidate, incumbent, settings.score().threshold());
    measurements
        .put("candidate", difference.candidate())
        .put("incumbent", difference.incumbent())
        .put("difference", difference.difference())
        .put("difference_low", difference.low())
        .put("difference_high", difference.high())
        .put("confidence", settings.bootstrap().confidence());
    if (Double.isNaN(difference.difference())) {
      return undefined(metric);
    }
    List<String> findings = new ArrayList<>();
    if (settings.metricMin() != null) {
      requireLeast(findings, metric, difference.candidate(), settings.metricMin());
    }
    String interval =
        "%s: difference %.6g, %.6g to %.6g (expected: %s)"
            .formatted(
                metric.label(),
                difference.difference(),
                difference.low(),
                difference.high(),
                settings.differenceMin() + " or more, beyond chance");
    if (difference.high() < settings.differenceMin()) {
      findings.add(interval);
    }
    if (!findings.isEmpty()) {
      return new Judged(Verdict.FAILED, findings);
    }
    return difference.low() >= settings.differenceMin()
        ? new Judged(Verdict.PASSED, List.of())
        : new Judged(Verdict.INCONCLUSIVE, List.of(interval + "; more rows may decide it"));
  }

  private static void requireLeast(
      List<String> findings, Metric metric, double value, double least) {
    if (metric.oriented(value) < metric.oriented(least)) {
      findings.add("%s: %.6g (expected: %s or better)".formatted(metric.label(), value, least));
    }
  }

  private static Judged undefined(Metric metric) {
    return new Judged(
        Verdict.INCONCLUSIVE,
        List.of(
            "%s is not defined on these rows (expected: outcomes of both classes)"
                .formatted(metric.label())));
  }
}
