package dev.slipway.core.audit.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a tree only grew: that its first {@code oldSize} leaves are those of the old tree (RFC
 * 9162, section 2.1.4). Everything is consistent with the empty tree, and a tree with itself, by an
 * empty path.
 *
 * @param oldSize in {@code [0, newSize]}
 */
public record ConsistencyProof(long oldSize, long newSize, List<TreeHash> path) {
  /** Most hashes that any proof has. */
  public static final int PATH_MAX = 63;

  public ConsistencyProof {
    if (oldSize < 0 || oldSize > newSize) {
      throw new IllegalArgumentException(
          "old size: %d (expected: from 0 to %d)".formatted(oldSize, newSize));
    }
    path = List.copyOf(path);
  }

  /**
   * @throws IllegalArgumentException if the old tree is not the smaller one
   */
  public static ConsistencyProof create(long oldSize, long newSize, NodeSource nodes) {
    List<TreeHash> path = new ArrayList<>();
    if (oldSize > 0 && oldSize < newSize) {
      collect(oldSize, 0, newSize, nodes, path);
    }
    return new ConsistencyProof(oldSize, newSize, path);
  }

  /** Appends the proof of the leaves {@code [start, end)}, of which the old tree ends inside. */
  private static void collect(
      long oldSize, long start, long end, NodeSource nodes, List<TreeHash> path) {
    if (oldSize == end) {
      if (start > 0) { // Else it is the old root, which the verifier has.
        path.add(nodes.hashOf(start, end));
      }
      return;
    }
    long split = start + Long.highestOneBit(end - start - 1);
    if (oldSize <= split) {
      collect(oldSize, start, split, nodes, path);
      path.add(nodes.hashOf(split, end));
    } else {
      collect(oldSize, split, end, nodes, path);
      path.add(nodes.hashOf(start, split));
    }
  }

  /** Whether the tree with {@code newRoot} begins with the leaves of that with {@code oldRoot}. */
  public boolean proves(TreeHash oldRoot, TreeHash newRoot) {
    if (oldSize == newSize) {
      return path.isEmpty() && oldRoot.equals(newRoot);
    }
    if (oldSize == 0) {
      return path.isEmpty() && oldRoot.equals(TreeHash.EMPTY_ROOT);
    }
    List<TreeHash> rest = path;
    TreeHash first = oldRoot;
    if (Long.bitCount(oldSize) > 1) {
      if (path.isEmpty()) {
        return false;
      }
      first = path.getFirst();
      rest = path.subList(1, path.size());
    }
    return joins(first, rest, oldRoot, newRoot);
  }

  private boolean joins(TreeHash first, List<TreeHash> rest, TreeHash oldRoot, TreeHash newRoot) {
    int perfect = Long.numberOfTrailingZeros(oldSize);
    long node = (oldSize - 1) >>> perfect;
    long last = (newSize - 1) >>> perfect;
    TreeHash oldHash = first;
    TreeHash newHash = first;
    for (TreeHash sibling : rest) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldHash = TreeHash.ofNode(sibling, oldHash);
        newHash = TreeHash.ofNode(sibling, newHash);
        int levels = Long.numberOfTrailingZeros(node);
        node >>>= levels;
        last >>>= levels;
      } else {
        newHash = TreeHash.ofNode(newHash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
  }
}
