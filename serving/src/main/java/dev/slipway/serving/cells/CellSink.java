package dev.slipway.serving.cells;

import dev.slipway.core.drift.cell.Cell;

/** Takes what was counted. Called on event loops, so it returns at once. */
public interface CellSink {
  void accept(Cell cell);
}
