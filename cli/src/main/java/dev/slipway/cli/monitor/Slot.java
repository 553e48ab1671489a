package dev.slipway.cli.monitor;

import dev.slipway.core.drift.Bin;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.batch.BatchDrift;
import java.util.ArrayList;
import java.util.List;

/**
 * One place of a histogram: a bin, or a few neighbours where there are too many to draw.
 *
 * @param label of the first bin, short: the upper end of an interval
 * @param name of all of it, in full
 * @param reference share of the reference's values
 * @param current share of the current ones
 */
record Slot(String label, String name, double reference, double current) {
  private static final int MAX = 60;

  /** The bins that are not empty on both sides, at most 60 places. */
  static List<Slot> of(BatchDrift.Feature feature) {
    BinCounts before = feature.reference().counts();
    BinCounts now = feature.current();
    List<Bin> bins = feature.reference().bins();
    List<Integer> shown = new ArrayList<>();
    for (int bin = 0; bin < bins.size(); bin++) {
      if (before.count(bin) > 0 || now.count(bin) > 0) {
        shown.add(bin);
      }
    }
    int together = Math.ceilDiv(shown.size(), MAX);
    List<Slot> slots = new ArrayList<>();
    for (int from = 0; from < shown.size(); from += together) {
      List<Integer> places = shown.subList(from, Math.min(from + together, shown.size()));
      String first = name(bins.get(places.getFirst()));
      slots.add(
          new Slot(
              label(bins.get(places.getFirst())),
              places.size() == 1 ? first : first + " to " + name(bins.get(places.getLast())),
              share(before, places),
              share(now, places)));
    }
    return slots;
  }

  private static double share(BinCounts counts, List<Integer> places) {
    return places.stream().mapToLong(counts::count).sum() / (double) counts.total();
  }

  private static String label(Bin bin) {
    return bin instanceof Bin.Interval(double above, double upTo, boolean closed)
            && Double.isFinite(upTo)
        ? end(upTo, closed)
        : name(bin);
  }

  private static String end(double upTo, boolean closed) {
    return (closed ? "≤ " : "< ") + number(upTo);
  }

  private static String name(Bin bin) {
    return switch (bin) {
      case Bin.Spike(double value) -> number(value);
      case Bin.Category(String value) -> value.isBlank() ? "(blank)" : value;
      case Bin.Rest rest -> rest.name();
      case Bin.Interval(double above, double upTo, boolean closed) -> {
        if (Double.isInfinite(above)) {
          yield Double.isInfinite(upTo) ? "other numbers" : end(upTo, closed);
        }
        yield Double.isInfinite(upTo)
            ? "> " + number(above)
            : "> %s, %s".formatted(number(above), end(upTo, closed));
      }
    };
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : DriftWords.number(value);
  }
}
