package dev.slipway.bench.suite;

import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Medians and how figures are written in the table. */
final class Figures {
  private Figures() {}

  /** The middle one; of two in the middle, the greater. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  static double median(List<LoadResult> runs, ToDoubleFunction<LoadResult> figure) {
    return median(runs.stream().mapToDouble(figure).toArray());
  }

  static String ratio(double subject, double floor) {
    return String.format(Locale.ROOT, "%.2f", subject / floor);
  }

  static String perSecond(double value) {
    return String.format(Locale.ROOT, "%,.0f/s", value);
  }

  static String millis(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f ms" : "%.0f ms", value);
  }

  static String mebibytes(double bytes) {
    return String.format(Locale.ROOT, "%.0f MiB", bytes / (1 << 20));
  }

  static String resident(ServerProcess process) throws IOException {
    return mebibytes((double) process.residentBytes());
  }

  /** The first objection to any of the runs, set off for the end of a cell; empty if none has. */
  static String objections(List<LoadResult> runs) {
    return runs.stream()
        .map(LoadResult::objection)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(text -> "  " + text)
        .orElse("");
  }
}
