package dev.slipway.core.audit.tile;

/** Which files a tree of a given size has. */
public final class TreeShape {
  private TreeShape() {}

  /** How many hashes the level of tiles has: the full tiles of the level below, or the leaves. */
  public static long hashes(long size, int level) {
    return size >>> (level * Tile.HEIGHT);
  }

  /**
   * Width of a tile in a tree of {@code size} leaves; of level 0, that of the bundle too.
   *
   * @return 0 if the tree has no such tile
   */
  public static int width(long size, int level, long index) {
    long hashes = hashes(size, level);
    if (index > hashes / LogPath.FULL_WIDTH) {
      return 0;
    }
    return (int) Math.min(LogPath.FULL_WIDTH, hashes - index * LogPath.FULL_WIDTH);
  }

  /** How many tiles the level has, a partial one included; of level 0, that of the bundles too. */
  public static long tiles(long size, int level) {
    return Math.ceilDiv(hashes(size, level), LogPath.FULL_WIDTH);
  }

  /** How many levels have tiles. */
  public static int levels(long size) {
    int levels = 0;
    while (levels <= LogPath.OfTile.LEVEL_MAX && hashes(size, levels) > 0) {
      levels++;
    }
    return levels;
  }
}
