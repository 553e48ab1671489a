package dev.slipway.core.audit.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * The least that must be known of a tree in order to append to it: the roots of its perfect
 * subtrees, one for each bit set in its size, largest first. Appending {@code n} leaves costs
 * {@code n - 1} hashes at most, whatever the size. Not thread-safe.
 */
public final class CompactRange {
  private final List<TreeHash> peaks;
  private long size;

  /** Of the empty tree. */
  public CompactRange() {
    this.peaks = new ArrayList<>();
  }

  private CompactRange(long size, List<TreeHash> peaks) {
    this.peaks = new ArrayList<>(peaks);
    this.size = size;
  }

  /** Of the tree of this size whose nodes {@code nodes} provides. */
  public static CompactRange of(long size, NodeSource nodes) {
    List<TreeHash> peaks = new ArrayList<>();
    long start = 0;
    for (int level = Long.SIZE - 2; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        peaks.add(nodes.node(level, start >>> level));
        start += 1L << level;
      }
    }
    return new CompactRange(size, peaks);
  }

  public long size() {
    return size;
  }

  public void append(TreeHash leaf) {
    TreeHash merged = leaf;
    for (long left = size; (left & 1) == 1; left >>>= 1) {
      merged = TreeHash.ofNode(peaks.removeLast(), merged);
    }
    peaks.add(merged);
    size++;
  }

  /** Merkle tree hash of all leaves; {@link TreeHash#EMPTY_ROOT} without any. */
  public TreeHash root() {
    if (peaks.isEmpty()) {
      return TreeHash.EMPTY_ROOT;
    }
    TreeHash root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = TreeHash.ofNode(peaks.get(i), root);
    }
    return root;
  }

  public CompactRange copy() {
    return new CompactRange(size, peaks);
  }
}
