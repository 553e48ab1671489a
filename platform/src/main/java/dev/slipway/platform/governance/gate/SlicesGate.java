package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.table.Column;
import dev.slipway.platform.governance.gate.ScoreSettings.Scores;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code slices}: the candidate is good enough for every group of rows, and not much better for one
 * than for another. Groups are the values of a column, or of several together.
 */
final class SlicesGate implements Gate {
  private static final int SLICES_MAX = 500;

  private record Settings(
      ScoreSettings score,
      List<List<String>> columns,
      @Nullable Double metricMin,
      @Nullable Double gapMax,
      int rowsMin) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("slices", json);
      Settings settings =
          new Settings(
              ScoreSettings.of(parameters),
              columns(parameters),
              parameters.optionalNumber("metric_min", -Double.MAX_VALUE, Double.MAX_VALUE),
              parameters.optionalNumber("gap_max", 0, Double.MAX_VALUE),
              parameters.whole("rows_min", 100, 1, Integer.MAX_VALUE));
      parameters.requireNoOthers();
      if (settings.columns.isEmpty()) {
        throw parameters.unexpected("columns", "names of columns, such as [region, [region, age]]");
      }
      if (settings.metricMin == null && settings.gapMax == null) {
        throw parameters.unexpected("metric_min", "a number, or gap_max");
      }
      return settings;
    }

    private static List<List<String>> columns(GateParameters parameters) {
      List<List<String>> columns = new ArrayList<>();
      for (JsonValue element : parameters.elements("columns")) {
        columns.add(
            element instanceof JsonArray(List<JsonValue> several)
                ? several.stream().map(one -> parameters.scalar("columns", one)).toList()
                : List.of(parameters.scalar("columns", element)));
      }
      return List.copyOf(columns);
    }
  }

  /**
   * A group of rows.
   *
   * @param value NaN if the metric is not defined
   */
  private record Slice(String label, int rows, int positives, double value, boolean judged) {}

  @Override
  public String name() {
    return "slices";
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
    Scores scores;
    try (RowModel model = subject.models().apply(subject.candidate())) {
      scores = settings.score().scores(model, holdout);
    }
    List<String> findings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<JsonObject> groups = new ArrayList<>();
    scores.failure().ifPresent(why -> findings.add("the held-out rows are not answered: " + why));
    if (scores.failure().isEmpty()) {
      for (List<String> columns : settings.columns()) {
        List<Slice> slices = slices(settings, holdout, columns, labels, scores.values());
        groups.add(judge(settings, String.join(" and ", columns), slices, findings, notes));
      }
    }
    Verdict verdict =
        !findings.isEmpty()
            ? Verdict.FAILED
            : notes.isEmpty() ? Verdict.PASSED : Verdict.INCONCLUSIVE;
    findings.addAll(notes);
    return new GateOutcome(
        verdict,
        Map.of("holdout", holdout.digest()),
        new Measurements()
            .put("metric", settings.score().metric().label())
            .put("rows", labels.length)
            .put("columns", groups)
            .build(),
        findings);
  }

  private static List<Slice> slices(
      Settings settings, Holdout holdout, List<String> names, double[] labels, double[] scores) {
    List<Column> columns = names.stream().map(holdout::column).toList();
    Map<String, List<Integer>> groups = new TreeMap<>();
    for (int row = 0; row < labels.length; row++) {
      groups.computeIfAbsent(label(names, columns, row), key -> new ArrayList<>()).add(row);
      if (groups.size() > SLICES_MAX) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "held-out rows: columns %s: more than %d slices (expected: columns of few values)"
                .formatted(names, SLICES_MAX));
      }
    }
    Metric metric = settings.score().metric();
    List<Slice> slices = new ArrayList<>();
    groups.forEach(
        (label, rows) -> {
          double[] sliceLabels = rows.stream().mapToDouble(row -> labels[row]).toArray();
          double[] sliceScores = rows.stream().mapToDouble(row -> scores[row]).toArray();
          double value = metric.value(sliceLabels, sliceScores, settings.score().threshold());
          slices.add(
              new Slice(
                  label,
                  rows.size(),
                  metric.isOfClasses() ? ScoreSettings.positives(sliceLabels) : 0,
                  value,
                  rows.size() >= settings.rowsMin() && !Double.isNaN(value)));
        });
    return slices;
  }

  private static String label(List<String> names, List<Column> columns, int row) {
    return String.join(
        ", ",
        IntStream.range(0, names.size())
            .mapToObj(
                i ->
                    columns.get(i).isMissing(row)
                        ? names.get(i) + " missing"
                        : names.get(i) + "=" + columns.get(i).text(row))
            .toList());
  }

  /**
   * @param findings gets what fails
   * @param notes gets why nothing could be judged
   */
  private static JsonObject judge(
      Settings settings,
      String columns,
      List<Slice> slices,
      List<String> findings,
      List<String> notes) {
    Metric metric = settings.score().metric();
    Double least = settings.metricMin();
    Double gapMax = settings.gapMax();
    List<Slice> judged = slices.stream().filter(Slice::judged).toList();
    if (judged.isEmpty()) {
      notes.add(
          "%s: no slice of %d rows or more on which %s is defined"
              .formatted(columns, settings.rowsMin(), metric.label()));
    }
    double best = Double.NEGATIVE_INFINITY;
    double worst = Double.POSITIVE_INFINITY;
    for (Slice slice : judged) {
      double oriented = metric.oriented(slice.value());
      best = Math.max(best, oriented);
      worst = Math.min(worst, oriented);
      if (least != null && oriented < metric.oriented(least)) {
        findings.add(
            "%s: %s %.6g of %d rows (expected: %s or better)"
                .formatted(slice.label(), metric.label(), slice.value(), slice.rows(), least));
      }
    }
    double gap = judged.isEmpty() ? Double.NaN : best - worst;
    if (gapMax != null && gap > gapMax) {
      findings.add(
          "%s: %s differs by %.6g between slices (expected: at most %s)"
              .formatted(columns, metric.label(), gap, gapMax));
    }
    return new Measurements()
        .put("columns", columns)
        .put("gap", gap)
        .put("slices", slices.stream().map(SlicesGate::json).toList())
        .build();
  }

  private static JsonObject json(Slice slice) {
    return new Measurements()
        .put("slice", slice.label())
        .put("rows", slice.rows())
        .put("positives", slice.positives())
        .put("value", slice.value())
        .put("judged", slice.judged())
        .build();
  }
}
