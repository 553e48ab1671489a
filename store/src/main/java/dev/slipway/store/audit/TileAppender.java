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
    TileRows rows = TileRows.of(new TileReader(tiles, from));
    if (!rows.root().equals(oldRoot)) {
      throw new IllegalArgumentException(
          "%d entries have root %s (signed: %s)"
              .formatted(from, rows.root().toBase64(), oldRoot.toBase64()));
    }
    List<TreeHash> logged = rows.lastLeaves();
    long start = from - logged.size();
    for (long first = start; first < to; first += LogPath.FULL_WIDTH) {
      long end = Math.min(to, first + LogPath.FULL_WIDTH);
      List<byte[]> read = leaves.read(first, end);
      for (int i = 0; i < read.size(); i++) {
        TreeHash hash = TreeHash.ofLeaf(read.get(i));
        bundle.add(read.get(i));
        if (first + i >= from) {
          rows.append(hash, (path, tile) -> tiles.write(path, tile.toBytes()));
        } else if (!hash.equals(logged.get(i))) {
          throw new IllegalArgumentException(
              "the committed entry %d is not what was logged: it was changed in the database"
                  .formatted(first + i));
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
}
