package dev.slipway.testkit.audit;

import dev.slipway.core.audit.log.SequencedLeaves;

class MemoryLeavesContractTest extends SequencedLeavesKit {
  private final MemoryLeaves leaves = new MemoryLeaves();

  @Override
  protected SequencedLeaves leaves() {
    return leaves;
  }

  @Override
  protected void commit(byte[] leaf) {
    leaves.append(leaf);
  }
}
