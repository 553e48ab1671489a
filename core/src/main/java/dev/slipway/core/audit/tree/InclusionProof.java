package dev.slipway.core.audit.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a leaf is at an index of a tree (RFC 9162, section 2.1.3).
 *
 * @param index of the leaf, in {@code [0, size)}
 * @param size of the tree
 * @param path hashes of the siblings, from the leaf's own up to the root's child
 */
public record InclusionProof(long index, long size, List<TreeHash> path) {
  /** Most hashes that any proof has. */
  public static final int PATH_MAX = 63;

  public InclusionProof {
    requireInTree(index, size);
    path = List.copyOf(path);
  }

  private static void requireInTree(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "index: %d (expected: from 0 to %d)".formatted(index, size - 1));
    }
  }

  /**
   * @throws IllegalArgumentException if the index is not in the tree
   */
  public static InclusionProof create(long index, long size, NodeSource nodes) {
    requireInTree(index, size);
    List<TreeHash> path = new ArrayList<>();
    long start = 0;
    long end = size;
    while (end - start > 1) {
      long split = start + Long.highestOneBit(end - start - 1);
      if (index < split) {
        path.add(nodes.hashOf(split, end));
        end = split;
      } else {
        path.add(nodes.hashOf(start, split));
        start = split;
      }
    }
    return new InclusionProof(index, size, path.reversed());
  }

  /** Whether {@code leaf} is at the index of the tree with this root. */
  public boolean proves(TreeHash leaf, TreeHash root) {
    long node = index;
    long last = size - 1;
    TreeHash hash = leaf;
    for (TreeHash sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = TreeHash.ofNode(sibling, hash);
        // The last node of a level that has no sibling there has the one above it as its own.
        int levels = Long.numberOfTrailingZeros(node);
        node >>>= levels;
        last >>>= levels;
      } else {
        hash = TreeHash.ofNode(hash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }
}
