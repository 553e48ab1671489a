package dev.slipway.core.audit.tile;

import dev.slipway.core.audit.tree.NodeSource;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tree of one size, read from its tiles. A proof touches a few tiles, which are kept; none of
 * what is read is checked against a root, so whoever makes a proof verifies it. Not thread-safe.
 */
public final class TileReader implements NodeSource {
  private static final int TILES_KEPT = 64;

  private final TileSource source;
  private final long size;
  private final Map<LogPath.OfTile, Tile> kept =
      new LinkedHashMap<>(TILES_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LogPath.OfTile, Tile> eldest) {
          return size() > TILES_KEPT;
        }
      };

  /**
   * @param size of the tree, {@code >= 0}
   */
  public TileReader(TileSource source, long size) {
    this.source = source;
    this.size = size;
  }

  public long size() {
    return size;
  }

  @Override
  public TreeHash node(int level, long index) {
    int height = level % Tile.HEIGHT;
    long first = index << height;
    return tile(level / Tile.HEIGHT, first / LogPath.FULL_WIDTH)
        .subtree(height, (int) (first % LogPath.FULL_WIDTH));
  }

  /**
   * A tile, as wide as it is in the tree of this size.
   *
   * @throws IllegalArgumentException if the tree has none, or it is absent or malformed
   */
  public Tile tile(int level, long index) {
    LogPath.OfTile path = tilePath(level, index);
    Tile known = kept.get(path);
    if (known != null) {
      return known;
    }
    byte[] bytes =
        read(path).orElseThrow(() -> new IllegalArgumentException(path.text() + ": absent"));
    Tile tile = Tile.parse(path, bytes);
    kept.put(path, tile);
    return tile;
  }

  /** The name of a tile in a tree of this size. */
  public LogPath.OfTile tilePath(int level, long index) {
    return new LogPath.OfTile(level, index, requiredWidth(level, index));
  }

  /** The name of a bundle in a tree of this size. */
  public LogPath.OfBundle bundlePath(long index) {
    return new LogPath.OfBundle(index, requiredWidth(0, index));
  }

  /**
   * Reads the file of a tile. A partial one may have been removed since the full one is there; then
   * its part of the full one is returned.
   */
  public Optional<byte[]> read(LogPath.OfTile path) {
    Optional<byte[]> bytes = source.read(path);
    if (bytes.isPresent() || path.width() == LogPath.FULL_WIDTH) {
      return bytes;
    }
    return source
        .read(new LogPath.OfTile(path.level(), path.index(), LogPath.FULL_WIDTH))
        .map(full -> Arrays.copyOf(full, Math.min(full.length, path.bytesMax())));
  }

  /**
   * The entries of a bundle.
   *
   * @throws IllegalArgumentException if the tree has no such bundle, or it is absent or malformed
   */
  public EntryBundle bundle(long index) {
    LogPath.OfBundle path = bundlePath(index);
    byte[] bytes = source.read(path).orElse(null);
    if (bytes != null) {
      return EntryBundle.parse(path, bytes);
    }
    return fullBundle(index)
        .map(full -> full.first(path.width()))
        .orElseThrow(() -> new IllegalArgumentException(path.text() + ": absent"));
  }

  private Optional<EntryBundle> fullBundle(long index) {
    LogPath.OfBundle full = new LogPath.OfBundle(index, LogPath.FULL_WIDTH);
    return source.read(full).map(bytes -> EntryBundle.parse(full, bytes));
  }

  /**
   * The entry at an index.
   *
   * @throws IllegalArgumentException if the tree has none, or its bundle is absent or malformed
   */
  public byte[] entry(long index) {
    return bundle(index / LogPath.FULL_WIDTH)
        .entries()
        .get((int) (index % LogPath.FULL_WIDTH))
        .clone();
  }

  private int requiredWidth(int level, long index) {
    boolean named = level >= 0 && level <= LogPath.OfTile.LEVEL_MAX && index >= 0;
    int width = named ? TreeShape.width(size, level, index) : 0;
    if (width == 0) {
      throw new IllegalArgumentException(
          "tile %d of level %d (expected: one of a tree of %d leaves)"
              .formatted(index, level, size));
    }
    return width;
  }
}
