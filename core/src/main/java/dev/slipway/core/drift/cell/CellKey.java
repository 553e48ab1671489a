package dev.slipway.core.drift.cell;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.ModelRef;
import java.time.Duration;
import java.time.Instant;

/**
 * Names a cell.
 *
 * @param source the process and event loop that counted; processes never share one, not even with
 *     their successors
 * @param version that answered
 * @param reference digest of the version's reference, on whose bins was counted
 * @param epoch number of the routing table that sent it requests
 * @param start of the window, a multiple of {@code span} since 1970
 * @param span of the window: {@link #SPAN} as it is counted, more once cells are rolled up
 */
public record CellKey(
    String source,
    String deployment,
    ModelRef version,
    ContentDigest reference,
    long epoch,
    Instant start,
    Duration span) {
  /** Of a window that is counted. */
  public static final Duration SPAN = Duration.ofMinutes(5);

  /** The beginning of the window of that length that an instant lies in. */
  public static Instant startOf(Instant instant, Duration span) {
    long seconds = span.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
  }

  public Instant end() {
    return start.plus(span);
  }
}
