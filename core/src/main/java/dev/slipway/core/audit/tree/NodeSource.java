package dev.slipway.core.audit.tree;

/** Where the hashes of perfect subtrees come from. */
@FunctionalInterface
public interface NodeSource {
  /**
   * Merkle tree hash of the leaves from {@code index * 2^level} up to, but not including, {@code
   * (index + 1) * 2^level}. All of them are in the tree.
   *
   * @param level from 0, the leaves' own hashes, to 62
   * @throws IllegalArgumentException if what is stored is malformed or absent
   */
  TreeHash node(int level, long index);

  /**
   * Merkle tree hash of the leaves from {@code start} to {@code end - 1}, where {@code start} is a
   * multiple of the least power of two that is not below {@code end - start}.
   */
  default TreeHash hashOf(long start, long end) {
    long count = end - start;
    if (Long.bitCount(count) == 1) {
      int level = Long.numberOfTrailingZeros(count);
      return node(level, start >>> level);
    }
    long split = start + Long.highestOneBit(count);
    return TreeHash.ofNode(hashOf(start, split), hashOf(split, end));
  }

  /** Root of the tree of the first {@code size} leaves. */
  default TreeHash root(long size) {
    return size == 0 ? TreeHash.EMPTY_ROOT : hashOf(0, size);
  }
}
