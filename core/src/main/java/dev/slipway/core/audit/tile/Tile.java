package dev.slipway.core.audit.tile;

import dev.slipway.core.audit.tree.TreeHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From 1 to 256 neighbouring hashes of one level of tiles: the bottom row of a subtree of height 8.
 */
public record Tile(List<TreeHash> hashes) {
  /** Height of the subtree under a full tile. */
  public static final int HEIGHT = 8;

  public Tile {
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty() || hashes.size() > LogPath.FULL_WIDTH) {
      throw new IllegalArgumentException(
          "tile: %d hashes (expected: from 1 to %d)".formatted(hashes.size(), LogPath.FULL_WIDTH));
    }
  }

  /**
   * Reads the file of a tile.
   *
   * @throws IllegalArgumentException if its length does not fit the width
   */
  public static Tile parse(LogPath.OfTile path, byte[] bytes) {
    if (bytes.length != path.width() * TreeHash.BYTES) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: %d)"
              .formatted(path.text(), bytes.length, path.width() * TreeHash.BYTES));
    }
    List<TreeHash> hashes = new ArrayList<>(path.width());
    for (int offset = 0; offset < bytes.length; offset += TreeHash.BYTES) {
      hashes.add(TreeHash.of(Arrays.copyOfRange(bytes, offset, offset + TreeHash.BYTES)));
    }
    return new Tile(hashes);
  }

  /** The file of this tile. */
  public byte[] toBytes() {
    byte[] bytes = new byte[hashes.size() * TreeHash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(bytes, i * TreeHash.BYTES);
    }
    return bytes;
  }

  public int width() {
    return hashes.size();
  }

  /** The first {@code width} hashes. */
  public Tile first(int width) {
    return new Tile(hashes.subList(0, width));
  }

  /**
   * Hash of the perfect subtree over the hashes from {@code start} to {@code start + 2^height - 1},
   * all of which this tile has.
   */
  public TreeHash subtree(int height, int start) {
    if (height == 0) {
      return hashes.get(start);
    }
    int half = 1 << (height - 1);
    return TreeHash.ofNode(subtree(height - 1, start), subtree(height - 1, start + half));
  }

  /** The hash that stands for this tile, which is full, in the level above. */
  public TreeHash root() {
    return subtree(HEIGHT, 0);
  }
}
