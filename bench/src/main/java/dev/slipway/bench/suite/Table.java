package dev.slipway.bench.suite;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Collects the rows of the published table and prints them as Markdown. */
final class Table {
  private record Row(String what, String measured, String ratio, String target) {}

  private final List<Row> rows = new ArrayList<>();
  private final PrintStream progress;

  Table(PrintStream progress) {
    this.progress = progress;
  }

  /** Adds a row and shows it at once, because a run takes minutes. */
  void add(String what, String measured, String ratio, String target) {
    rows.add(new Row(what, measured, ratio, target));
    progress.println("  " + what + ": " + measured + "  " + ratio);
  }

  void print(PrintStream out) {
    out.println("| what | measured | ratio | target |");
    out.println("|---|---|---|---|");
    for (Row row : rows) {
      out.println(
          "| %s | %s | %s | %s |".formatted(row.what(), row.measured(), row.ratio(), row.target()));
    }
  }
}
