package dev.slipway.serving.cells;

import java.time.InstantSource;

/**
 * What counting needs from outside.
 *
 * @param source names this process, and no other one before or after it
 */
public record Monitoring(
    String source, ReferenceSource references, CellSink sink, InstantSource clock) {
  /** Counts nothing. */
  public static final Monitoring OFF =
      new Monitoring("off", ReferenceSource.NONE, cell -> {}, InstantSource.system());
}
