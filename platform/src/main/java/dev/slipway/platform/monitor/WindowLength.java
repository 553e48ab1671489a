package dev.slipway.platform.monitor;

import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/** How long a window is that is compared with a reference. */
public enum WindowLength {
  FIVE_MINUTES("5m", CellKey.SPAN, CellKey.SPAN),
  HOUR("1h", Duration.ofHours(1), CellKey.SPAN),
  DAY("1d", Duration.ofDays(1), Duration.ofHours(1)),
  WEEK("1w", Duration.ofDays(7), Duration.ofDays(1));

  private final String label;
  private final Duration length;
  private final Duration step;

  /**
   * @param step windows end at multiples of it, so that cells which are rolled up fit into them
   */
  WindowLength(String label, Duration length, Duration step) {
    this.label = label;
    this.length = length;
    this.step = step;
  }

  /**
   * @throws SlipwayException BAD_REQUEST if there is none of that name
   */
  public static WindowLength of(String text) {
    for (WindowLength window : values()) {
      if (window.label.equals(text.toLowerCase(Locale.ROOT))) {
        return window;
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "window: '%s' (expected: one of %s)".formatted(text, Arrays.toString(values())));
  }

  public Duration length() {
    return length;
  }

  /** The end of the latest window that is over at an instant. */
  Instant latestEnd(Instant instant) {
    return CellKey.startOf(instant, step);
  }

  /** The end of the window that is under way at an instant, so that it holds what was just seen. */
  Instant presentEnd(Instant instant) {
    Instant latest = latestEnd(instant);
    return latest.equals(instant) ? latest : latest.plus(step);
  }

  @Override
  public String toString() {
    return label;
  }
}
