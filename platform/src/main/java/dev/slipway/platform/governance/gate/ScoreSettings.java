package dev.slipway.platform.governance.gate;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.table.Column;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.platform.rows.ScoreChoice;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What gates over scores have in common: which column is the outcome, which number is the score,
 * and how both are compared.
 *
 * @param label column of the outcome
 * @param positive its value that stands for the positive class
 * @param threshold from which a score is positive
 */
record ScoreSettings(
    String label, String positive, ScoreChoice score, Metric metric, double threshold) {
  static ScoreSettings of(GateParameters parameters) {
    String metric = parameters.requiredText("metric");
    return new ScoreSettings(
        parameters.requiredText("label"),
        parameters.scalar("positive", "1"),
        new ScoreChoice(
            parameters.text("output", ""), parameters.whole("index", -1, -1, 1_000_000)),
        Metric.named(metric)
            .orElseThrow(
                () ->
                    parameters.unexpected(
                        "metric", "one of " + String.join(", ", Metric.labels()))),
        parameters.number("threshold", 0.5, -Double.MAX_VALUE, Double.MAX_VALUE));
  }

  /**
   * @throws SlipwayException BAD_REQUEST if none was given
   */
  static Holdout require(@Nullable Holdout holdout, String gate) {
    if (holdout == null) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "gate %s: no held-out rows (expected: a CSV or Parquet file of rows with known outcomes)"
              .formatted(gate));
    }
    return holdout;
  }

  /**
   * The outcome of each row; 1 and 0 for metrics of classes.
   *
   * @throws SlipwayException BAD_REQUEST if the column is no outcome
   */
  double[] labels(Holdout holdout) {
    Column column = holdout.column(label);
    double[] labels = new double[column.rows()];
    TreeSet<String> negatives = new TreeSet<>();
    for (int row = 0; row < labels.length; row++) {
      labels[row] = metric.isOfClasses() ? ofClass(column, row, negatives) : column.number(row);
      if (column.isMissing(row) || !Double.isFinite(labels[row])) {
        throw unsuited("row %d: '%s' (expected: %s)", row + 1, column.text(row), expected());
      }
      if (negatives.size() > 1) {
        throw unsuited(
            "values '%s', '%s' and '%s' (expected: two, of which parameter positive names one)",
            negatives.first(), negatives.last(), positive);
      }
    }
    return labels;
  }

  private String expected() {
    return metric.isOfClasses() ? "an outcome in every row" : "a number in every row";
  }

  private double ofClass(Column column, int row, TreeSet<String> negatives) {
    String value = column.text(row);
    if (value.equals(positive) || (positive.equals("1") && value.equalsIgnoreCase("true"))) {
      return 1;
    }
    negatives.add(value);
    return 0;
  }

  // The annotation that Error Prone wants is a dependency of its own.
  @SuppressWarnings("AnnotateFormatMethod")
  private SlipwayException unsuited(String message, Object... arguments) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "held-out rows: column %s: %s".formatted(label, message.formatted(arguments)));
  }

  /** Scores of a version, or why it has none. */
  record Scores(double[] values, Optional<String> failure) {}

  /**
   * Lets a version answer the rows.
   *
   * @return a failure where the version itself is at fault
   * @throws SlipwayException BAD_REQUEST if the rows do not suit the version
   */
  Scores scores(RowModel model, Holdout holdout) {
    double[] scores;
    try {
      scores = model.scores(holdout.table(), score);
    } catch (SlipwayException e) {
      if (e.code() == ErrorCode.BAD_REQUEST || !VersionFault.is(e)) {
        throw e;
      }
      return new Scores(new double[0], Optional.of("%s: %s".formatted(e.code(), e.getMessage())));
    }
    for (int row = 0; row < scores.length; row++) {
      boolean fits =
          metric.isOfProbabilities()
              ? scores[row] >= 0 && scores[row] <= 1
              : !Double.isNaN(scores[row]);
      if (!fits) {
        return new Scores(
            scores,
            Optional.of(
                "row %d: score %s (expected: %s, for %s)"
                    .formatted(
                        row + 1,
                        scores[row],
                        metric.isOfProbabilities() ? "a probability" : "a number",
                        metric.label())));
      }
    }
    return new Scores(scores, Optional.empty());
  }

  static int positives(double[] labels) {
    int count = 0;
    for (double label : labels) {
      count += label == 1 ? 1 : 0;
    }
    return count;
  }
}
