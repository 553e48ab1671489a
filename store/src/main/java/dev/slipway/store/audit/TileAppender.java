package dev.slipway.store.audit;

import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.log.TileRows;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of a tree that grew, one bundle of leaves in memory at a time. */
final class TileAppender {
  private final SequencedLeaves leaves;
  private final TileStore tiles;
  private final List<byte[]> bundle = new ArrayList<>();

  TileAppender(SequencedLeaves leaves, TileStore tiles) {
    this.leaves = leaves;
    this.tiles = tiles;
  }

  /**
   * Appends leaves and makes their files durable.
   *
   * @param oldRoot of the tree of {@code from} leaves
   * @return root of the tree of {@code to} leaves
   * @throws IllegalArgumentException if the files do not have the old root, if a leaf of the last
   *     bundle is no longer what was logged, or if one is too long
   */
  TreeHash append(long from, long to, TreeHash oldRoot) {
    TileReader old = new TileReader(tiles, from);
    TileRows rows = TileRows.of(old);
    if (!rows.root().equals(oldRoot)) {
      throw new IllegalArgumentException(
          "%d entries have root %s (signed: %s)"
              .formatted(from, rows.root().toBase64(), oldRoot.toBase64()));
    }
    if (from > 0) {
      // Wherever a database was put back and has grown again, its newest entries are others.
      requireLogged(from - 1, leaves.read(from - 1, from).getFirst(), old.node(0, from - 1));
    }
    List<TreeHash> logged = rows.lastLeaves();
    long start = from - logged.size();
    for (long first = start; first < to; first += LogPath.FULL_WIDTH) {
      long end = Math.min(to, first + LogPath.FULL_WIDTH);
      List<byte[]> read = leaves.read(first, end);
      for (int i = 0; i < read.size(); i++) {
        byte[] leaf = read.get(i);
        bundle.add(leaf);
        if (first + i < from) {
          requireLogged(first + i, leaf, logged.get(i));
        } else {
          rows.append(TreeHash.ofLeaf(leaf), (path, tile) -> tiles.write(path, tile.toBytes()));
        }
      }
      tiles.write(
          new LogPath.OfBundle(first / LogPath.FULL_WIDTH, bundle.size()),
          new EntryBundle(bundle).toBytes());
      bundle.clear();
    }
    rows.partial((path, tile) -> tiles.write(path, tile.toBytes()));
    tiles.sync();
    return rows.root();
  }

  private static void requireLogged(long number, byte[] leaf, TreeHash logged) {
    if (!TreeHash.ofLeaf(leaf).equals(logged)) {
      throw new IllegalArgumentException(
          "the committed entry %d is not what was logged: the database was changed"
              .formatted(number));
    }
  }
}
