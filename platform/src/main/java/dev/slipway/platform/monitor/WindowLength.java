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

  /**
   * The end of the latest window that is over at an instant. Old counts are kept by the hour and
   * then by the day, so old windows end where these do.
   *
   * @param windows that are looked at
   * @throws SlipwayException BAD_REQUEST if it is shorter than what is kept of that time
   */
  Instant latestEnd(Instant instant, Instant now, int windows) {
    Duration kept = CellRollUp.spanOf(instant.minus(length.multipliedBy(windows)), now);
    if (kept.compareTo(length) > 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "window: %s (expected: at least %d h, which is how counts of %s are kept)"
              .formatted(this, kept.toHours(), instant));
    }
    return CellKey.startOf(instant, kept.compareTo(step) > 0 ? kept : step);
  }

  /** The end of the window that is under way at an instant, so that it holds what was just seen. */
  Instant presentEnd(Instant instant) {
    Instant latest = CellKey.startOf(instant, step);
    return latest.equals(instant) ? latest : latest.plus(step);
  }

  @Override
  public String toString() {
    return label;
  }
}
