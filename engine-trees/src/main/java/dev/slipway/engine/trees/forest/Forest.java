package dev.slipway.engine.trees.forest;

/**
 * Trees compiled for finding leaves. Immutable; thread-safe.
 *
 * <p>A leaf of a tree is named by its ordinal, one space for all trees, chosen by the forest.
 */
sealed interface Forest permits MaskForest, WalkForest {
  /** One more than the greatest ordinal. */
  int ordinalCount();

  int ordinal(int tree, int leaf);

  /** A finder with its own buffers, for one thread. */
  Finder openFinder();

  /** Bytes of the arrays. */
  long memoryBytes();

  /** Finds the leaves of rows. Not thread-safe. */
  interface Finder {
    /**
     * @param keys one key per used feature
     * @param ordinals receives the leaf of each tree; at least {@code tree count} rounded up to a
     *     multiple of 16 long
     */
    void find(int[] keys, int[] ordinals);
  }
}
