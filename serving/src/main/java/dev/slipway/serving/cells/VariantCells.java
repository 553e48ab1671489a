package dev.slipway.serving.cells;

import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one variant on one event loop, one at a time. Rows are counted into the window of
 * the last {@link #turn}, so that no clock is read for a request.
 */
public final class VariantCells {
  private final Monitoring monitoring;
  private final String source;
  private final String deployment;
  private final ModelVersion version;
  private @Nullable CellKey key;
  private @Nullable RowCounter counter;
  private long rowsHandedOver;

  /**
   * @param source no other instance has it, in this process or another
   */
  public VariantCells(
      Monitoring monitoring, String source, String deployment, ModelVersion version) {
    this.monitoring = monitoring;
    this.source = source;
    this.deployment = deployment;
    this.version = version;
  }

  /** As {@link RowCounter#count}. */
  public void count(
      List<Tensor> inputs, List<Tensor> outputs, int @Nullable [] places, int requestRows) {
    RowCounter current = counter;
    if (current != null) {
      current.count(inputs, outputs, places, requestRows);
    }
  }

  /**
   * Hands over what was counted since the last turn, and begins a new cell if the window, the epoch
   * or the version's reference is another one now.
   */
  public void turn(long epoch) {
    handOver();
    FrozenReference reference = monitoring.references().reference(version.ref());
    if (reference == null) {
      key = null;
      counter = null;
      return;
    }
    Instant start = CellKey.startOf(monitoring.clock().instant(), CellKey.SPAN);
    CellKey current = key;
    if (current == null
        || current.epoch() != epoch
        || !current.start().equals(start)
        || !current.reference().equals(reference.digest())) {
      key =
          new CellKey(
              source, deployment, version.ref(), reference.digest(), epoch, start, CellKey.SPAN);
      counter = new RowCounter(version.signature(), reference.reference());
      rowsHandedOver = 0;
    }
  }

  /** Hands over what was counted, for good. */
  public void finish() {
    handOver();
    key = null;
    counter = null;
  }

  private void handOver() {
    RowCounter counted = counter;
    CellKey current = key;
    if (counted != null && current != null && counted.rows() > rowsHandedOver) {
      rowsHandedOver = counted.rows();
      monitoring.sink().accept(new Cell(current, counted.counts()));
    }
  }
}
