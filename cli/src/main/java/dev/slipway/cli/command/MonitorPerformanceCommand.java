package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.monitor.PerformanceJson;
import dev.slipway.core.evaluation.Bootstrap;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.performance.Adwin;
import dev.slipway.core.performance.Calibration;
import dev.slipway.core.performance.ChangeDetector;
import dev.slipway.core.performance.ConfidenceEstimate;
import dev.slipway.core.performance.DriftDetectionMethod;
import dev.slipway.core.performance.JoinedLabels;
import dev.slipway.core.performance.PageHinkley;
import dev.slipway.core.performance.PerformanceCurve;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "performance",
    description = {
      "Tells how good predictions were, window by window, from labels that may have come late and"
          + " in any order. Needs no server.",
      "Each value has the interval that 95 % of resamples of its rows lie in. Labels without a"
          + " prediction, corrections and predictions without a label are counted. With --reference"
          + " windows without labels get an estimate, and three detectors look at the errors in"
          + " the order of the predictions for a change."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway monitor performance scored.csv --score probability --label fraud",
      "  slipway monitor performance june.parquet --score p --labels chargebacks.csv --key payment"
          + " --label fraud --by week --metric average_precision",
      "  slipway monitor performance june.csv --score p --label y --reference may.csv --every 5000",
      "  slipway monitor performance june.csv --score p --label y --metric recall --bound 0.8"
    })
final class MonitorPerformanceCommand extends SlipwayCommand {
  private static final String NEXT = "slipway monitor performance --help";
  private static final int WINDOWS = 20;

  @Parameters(
      paramLabel = "PREDICTIONS",
      description = "rows with scores in the order in which they were made: CSV or Parquet")
  private String predictions = "";

  @Option(names = "--score", required = true, paramLabel = "COLUMN", description = "the scores")
  private String score = "";

  @Option(
      names = "--label",
      required = true,
      paramLabel = "COLUMN",
      description =
          "what really happened: 0 or 1, or a number for rmse and mae; empty if not known")
  private String label = "";

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "where the labels are, if not beside the scores; of one key the last counts")
  private String labels = "";

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      description = "what says which label belongs to which prediction; both files have it")
  private String key = "";

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "auc, average_precision, log_loss, brier, accuracy, precision, recall, f1, rmse or mae;"
              + " default: auc")
  private String metric = Metric.AUC.label();

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description = "score from which a row is called positive; default: 0.5")
  private double threshold = 0.5;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "predictions in a window; default: a twentieth of them")
  private @Nullable Integer every;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description = "a window ends where the value of this column changes, such as a week")
  private String by = "";

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "earlier predictions with scores and labels, to estimate from scores alone")
  private String reference = "";

  @Option(
      names = "--bound",
      paramLabel = "X",
      description = "exit code 5 if the latest window with labels is worse than this")
  private @Nullable Double bound;

  MonitorPerformanceCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    String what = "measure " + predictions;
    Path folder = invocation.environment().folder();
    Metric measured =
        Metric.named(metric)
            .orElseThrow(
                () ->
                    usage(
                        what,
                        "--metric %s (expected: one of %s)"
                            .formatted(metric, String.join(", ", Metric.labels()))));
    if (labels.isEmpty() != key.isEmpty()) {
      throw usage(what, "--labels and --key belong together");
    }
    if (every != null && (every < 1 || !by.isEmpty())) {
      throw usage(what, "--every is a number >= 1, and not for --by");
    }
    Table rows = TableArgument.read(folder, predictions, what, NEXT);
    try {
      double[] scores = scores(TableArgument.column(rows, predictions, score, what, NEXT));
      JoinedLabels joined = join(folder, rows, what);
      List<String> names = new ArrayList<>();
      int[] starts = starts(rows, names, what);
      PerformanceCurve curve =
          PerformanceCurve.of(
              measured,
              scores,
              joined.labels(),
              starts,
              threshold,
              Bootstrap.DEFAULT,
              estimate(folder, measured, what));
      Map<String, List<Integer>> changes =
          measured.isOfClasses() ? changes(scores, joined.labels()) : Map.of();
      ObjectNode document = PerformanceJson.of(measured, curve, names, joined, changes);
      invocation.printer().one(MonitorKinds.PERFORMANCE, document);
      return isWorse(measured, curve) ? ExitCode.POLICY : ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw usage(what, String.valueOf(e.getMessage()));
    }
  }

  private static CliFailure usage(String what, String why) {
    return new CliFailure(ExitCode.USAGE, what, why, NEXT);
  }

  private double[] scores(Column column) {
    double[] scores = new double[column.rows()];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = column.number(row);
      if (!Double.isFinite(scores[row])) {
        throw new IllegalArgumentException(
            "row %d, %s: '%s' (expected: a number)".formatted(row + 1, score, column.text(row)));
      }
    }
    return scores;
  }

  private JoinedLabels join(Path folder, Table rows, String what) {
    if (labels.isEmpty()) {
      return JoinedLabels.of(TableArgument.column(rows, predictions, label, what, NEXT));
    }
    Table known = TableArgument.read(folder, labels, what, NEXT);
    return JoinedLabels.of(
        TableArgument.column(rows, predictions, key, what, NEXT),
        TableArgument.column(known, labels, key, what, NEXT),
        TableArgument.column(known, labels, label, what, NEXT));
  }

  private int[] starts(Table rows, List<String> names, String what) {
    List<Integer> starts = new ArrayList<>();
    if (by.isEmpty()) {
      int size = every == null ? Math.ceilDiv(rows.rows(), WINDOWS) : every;
      for (int from = 0; from < rows.rows(); from += size) {
        starts.add(from);
        names.add(Integer.toString(starts.size()));
      }
    } else {
      Column column = TableArgument.column(rows, predictions, by, what, NEXT);
      for (int row = 0; row < rows.rows(); row++) {
        if (row == 0 || !column.text(row).equals(column.text(row - 1))) {
          starts.add(row);
          names.add(column.text(row));
        }
      }
    }
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }

  private @Nullable ConfidenceEstimate estimate(Path folder, Metric measured, String what) {
    if (reference.isEmpty()) {
      return null;
    }
    Table known = TableArgument.read(folder, reference, what, NEXT);
    double[] scores = scores(TableArgument.column(known, reference, score, what, NEXT));
    JoinedLabels joined =
        JoinedLabels.of(TableArgument.column(known, reference, label, what, NEXT));
    if (joined.labelled() < scores.length) {
      throw new IllegalArgumentException(
          "%s: %d of %d rows have a label (expected: all)"
              .formatted(reference, joined.labelled(), scores.length));
    }
    return new ConfidenceEstimate(measured, Calibration.of(joined.labels(), scores), threshold);
  }

  private Map<String, List<Integer>> changes(double[] scores, double[] joined) {
    Map<String, ChangeDetector> detectors = new LinkedHashMap<>();
    detectors.put("ADWIN", Adwin.standard());
    detectors.put("DDM", DriftDetectionMethod.standard());
    detectors.put("Page-Hinkley", PageHinkley.standard());
    Map<String, List<Integer>> changes = new LinkedHashMap<>();
    detectors.forEach(
        (name, detector) -> {
          List<Integer> places = new ArrayList<>();
          for (int row = 0; row < scores.length; row++) {
            if (!Double.isNaN(joined[row])) {
              double error = (scores[row] >= threshold) == (joined[row] == 1) ? 0 : 1;
              if (detector.add(error) == ChangeDetector.State.CHANGE) {
                places.add(row + 1);
              }
            }
          }
          changes.put(name, places);
        });
    return changes;
  }

  private boolean isWorse(Metric measured, PerformanceCurve curve) {
    Double worst = bound;
    if (worst == null) {
      return false;
    }
    double least = measured.oriented(worst);
    return curve.windows().reversed().stream()
        .filter(window -> !Double.isNaN(window.measured().value()))
        .findFirst()
        .map(window -> measured.oriented(window.measured().value()) < least)
        .orElse(false);
  }
}
