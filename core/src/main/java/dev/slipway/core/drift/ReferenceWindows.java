package dev.slipway.core.drift;

import java.util.List;

/**
 * The effects that windows of the reference period have against the whole of it, which are those
 * without drift: chance, the hours and days that differ.
 *
 * @param referenceRows of the reference, {@code >= 1}
 * @param windows at least two
 */
public record ReferenceWindows(long referenceRows, List<Window> windows) {
  /**
   * @param effect such as a PSI, {@code >= 0}
   * @param rows {@code >= 1}
   */
  public record Window(double effect, long rows) {
    public Window {
      if (!(effect >= 0) || rows < 1) {
        throw new IllegalArgumentException(
            "effect %s of %d rows (expected: >= 0, of at least one)".formatted(effect, rows));
      }
    }
  }

  public ReferenceWindows {
    windows = List.copyOf(windows);
    if (referenceRows < 1 || windows.size() < 2) {
      throw new IllegalArgumentException(
          "%d windows of %d reference rows (expected: at least two, of at least one)"
              .formatted(windows.size(), referenceRows));
    }
  }

  /**
   * Mean and so many standard deviations of the effects, as they would be in a window of that size.
   * A smaller window has more chance in it, in proportion to 1/n + 1/m; a larger one is held to
   * what the reference's own windows had, for what differs between hours does not shrink with
   * traffic.
   *
   * @param rows of the window to judge, {@code >= 1}
   * @param deviations {@code >= 0}
   */
  public double bound(long rows, double deviations) {
    double[] effects =
        windows.stream()
            .mapToDouble(
                window -> window.effect() * Math.max(1, perValue(rows) / perValue(window.rows())))
            .toArray();
    double mean = 0;
    for (double effect : effects) {
      mean += effect / effects.length;
    }
    double squares = 0;
    for (double effect : effects) {
      squares += (effect - mean) * (effect - mean);
    }
    return mean + deviations * Math.sqrt(squares / (effects.length - 1));
  }

  private double perValue(long rows) {
    return 1.0 / referenceRows + 1.0 / rows;
  }
}
