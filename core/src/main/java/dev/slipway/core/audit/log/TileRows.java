package dev.slipway.core.audit.log;

import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.Tile;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tile.TreeShape;
import dev.slipway.core.audit.tree.CompactRange;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a tree as tiles: for each level the hashes of its last tile, as long as that is
 * not full. Appending a leaf completes at most one tile of each level. Not thread-safe.
 */
public final class TileRows {
  private final List<List<TreeHash>> rows = new ArrayList<>();
  private final CompactRange range;

  /** Takes tiles. */
  @FunctionalInterface
  public interface Sink {
    void tile(LogPath.OfTile path, Tile tile);
  }

  /** Of the empty tree. */
  public TileRows() {
    this.range = new CompactRange();
  }

  private TileRows(CompactRange range) {
    this.range = range;
  }

  /**
   * Of the tree that a reader reads.
   *
   * @throws IllegalArgumentException if a tile of its right edge is absent or malformed
   */
  public static TileRows of(TileReader tiles) {
    long size = tiles.size();
    TileRows rows = new TileRows(CompactRange.of(size, tiles));
    for (int level = 0; level < TreeShape.levels(size); level++) {
      List<TreeHash> row = rows.row(level);
      long last = TreeShape.tiles(size, level) - 1;
      if (TreeShape.width(size, level, last) < LogPath.FULL_WIDTH) {
        row.addAll(tiles.tile(level, last).hashes());
      }
    }
    return rows;
  }

  public long size() {
    return range.size();
  }

  /** Root of the tree. */
  public TreeHash root() {
    return range.root();
  }

  /** Leaves after the last full tile of level 0. */
  public List<TreeHash> lastLeaves() {
    return List.copyOf(row(0));
  }

  /** Appends a leaf; the tiles that it completes go to {@code completed}, lowest level first. */
  public void append(TreeHash leaf, Sink completed) {
    range.append(leaf);
    TreeHash hash = leaf;
    for (int level = 0; ; level++) {
      List<TreeHash> row = row(level);
      row.add(hash);
      if (row.size() < LogPath.FULL_WIDTH) {
        return;
      }
      Tile tile = new Tile(row);
      row.clear();
      long index = TreeShape.hashes(range.size(), level) / LogPath.FULL_WIDTH - 1;
      completed.tile(new LogPath.OfTile(level, index, LogPath.FULL_WIDTH), tile);
      hash = tile.root();
    }
  }

  /** The tiles that are not full, lowest level first. */
  public void partial(Sink sink) {
    for (int level = 0; level < rows.size(); level++) {
      List<TreeHash> row = rows.get(level);
      if (!row.isEmpty()) {
        long index = TreeShape.hashes(range.size(), level) / LogPath.FULL_WIDTH;
        sink.tile(new LogPath.OfTile(level, index, row.size()), new Tile(row));
      }
    }
  }

  private List<TreeHash> row(int level) {
    while (rows.size() <= level) {
      rows.add(new ArrayList<>());
    }
    return rows.get(level);
  }
}
