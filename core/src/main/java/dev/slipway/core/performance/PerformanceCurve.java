package dev.slipway.core.performance;

import dev.slipway.core.evaluation.Bootstrap;
import dev.slipway.core.evaluation.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metric over time, window by window: measured where labels are there, estimated where an
 * estimate is to be had.
 *
 * @param windows in the order of the predictions
 */
public record PerformanceCurve(List<Window> windows) {
  /**
   * Predictions that are looked at together.
   *
   * @param from place of the first
   * @param to place after the last
   * @param labelled how many have a label
   * @param measured over these; NaN where they are too few to define it
   * @param estimated over all, without labels; NaN without a reference
   */
  public record Window(
      int from, int to, int labelled, Bootstrap.Interval measured, double estimated) {
    public int predictions() {
      return to - from;
    }

    /** Share of the predictions whose label has come. */
    public double coverage() {
      return (double) labelled / predictions();
    }
  }

  public PerformanceCurve {
    windows = List.copyOf(windows);
  }

  /**
   * Measures.
   *
   * @param scores in the order of the predictions, no NaN
   * @param labels as many; NaN where none has come
   * @param starts place of the first prediction of each window, ascending from 0
   * @param estimate null for none
   * @throws IllegalArgumentException as {@link Metric#over}
   */
  public static PerformanceCurve of(
      Metric metric,
      double[] scores,
      double[] labels,
      int[] starts,
      double threshold,
      Bootstrap bootstrap,
      @Nullable ConfidenceEstimate estimate) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int from = starts[i];
      int to = i + 1 < starts.length ? starts[i + 1] : scores.length;
      double[] known = new double[to - from];
      double[] ofKnown = new double[to - from];
      int labelled = 0;
      for (int row = from; row < to; row++) {
        if (!Double.isNaN(labels[row])) {
          known[labelled] = labels[row];
          ofKnown[labelled++] = scores[row];
        }
      }
      windows.add(
          new Window(
              from,
              to,
              labelled,
              labelled == 0
                  ? new Bootstrap.Interval(Double.NaN, Double.NaN, Double.NaN)
                  : bootstrap.interval(
                      metric,
                      Arrays.copyOf(known, labelled),
                      Arrays.copyOf(ofKnown, labelled),
                      threshold),
              estimate == null ? Double.NaN : estimate.of(Arrays.copyOfRange(scores, from, to))));
    }
    return new PerformanceCurve(windows);
  }
}
