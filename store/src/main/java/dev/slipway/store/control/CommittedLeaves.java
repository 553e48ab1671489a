package dev.slipway.store.control;

import dev.slipway.core.audit.log.SequencedLeaves;
import java.util.List;

/** The audit log's entries of a control store, as the log's tree needs them. */
public record CommittedLeaves(ControlStore store) implements SequencedLeaves {
  @Override
  public long count() {
    return store.read(ControlView::auditSize);
  }

  @Override
  public List<byte[]> read(long from, long to) {
    return store.read(view -> view.auditLeaves(from, to));
  }
}
