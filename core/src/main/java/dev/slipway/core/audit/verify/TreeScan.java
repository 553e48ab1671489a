package dev.slipway.core.audit.verify;

import dev.slipway.core.audit.log.TileRows;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.Tile;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.audit.tile.TreeShape;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.verify.Finding.EntryRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads every entry once, builds the tree anew, and notes where the stored tiles say something
 * else.
 *
 * <p>A tile of level 0 that differs names the entry; one of level 1 names 256 entries, and so on.
 * Whether the entries or the tiles are wrong is told by the root alone, so this only collects.
 */
final class TreeScan {
  /** Beyond so many of a kind it no longer matters which they are. */
  private static final int NOTED_MAX = 2_000;

  private final TileReader tiles;
  private final TileSource source;
  private final Set<Long> wantedRoots;
  private final Set<Long> wantedLeaves;

  private final TileRows rows = new TileRows();
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> damagedFiles = new ArrayList<>();
  private final Set<LogPath.OfTile> absentTiles = new HashSet<>();
  private final Map<Long, TreeHash> roots = new HashMap<>();
  private final Map<Long, byte[]> leaves = new HashMap<>();
  private String cutOff = "";

  /**
   * A hash that a stored tile has otherwise than the entries would have it.
   *
   * @param computed from the entries
   * @param stored in the tile
   */
  record Difference(LogPath.OfTile path, EntryRange entries, TreeHash computed, TreeHash stored) {}

  /**
   * @param wantedRoots sizes whose roots are asked for afterwards
   * @param wantedLeaves numbers of entries that are asked for afterwards
   */
  TreeScan(TileSource source, long size, Set<Long> wantedRoots, Set<Long> wantedLeaves) {
    this.source = source;
    this.tiles = new TileReader(source, size);
    this.wantedRoots = Set.copyOf(wantedRoots);
    this.wantedLeaves = Set.copyOf(wantedLeaves);
  }

  /** Reads up to the end, or to the first entry that is not there. */
  void run(VerificationProgress progress) {
    long size = tiles.size();
    long bundles = TreeShape.tiles(size, 0);
    noteRoot();
    for (long bundle = 0; bundle < bundles && cutOff.isEmpty(); bundle++) {
      readBundle(bundle);
      progress.read(rows.size(), size);
    }
    rows.partial(this::compare);
  }

  private void readBundle(long index) {
    LogPath.OfBundle path = tiles.bundlePath(index);
    Optional<byte[]> bytes = source.read(path);
    boolean full = bytes.isEmpty() && path.width() < LogPath.FULL_WIDTH;
    if (full) {
      bytes = source.read(new LogPath.OfBundle(index, LogPath.FULL_WIDTH));
    }
    if (bytes.isEmpty()) {
      cutOff = path.text() + " is absent";
      return;
    }
    EntryBundle.Prefix prefix = EntryBundle.parsePrefix(path.width(), bytes.get());
    for (byte[] entry : prefix.entries()) {
      long number = rows.size();
      if (wantedLeaves.contains(number)) {
        leaves.put(number, entry);
      }
      rows.append(TreeHash.ofLeaf(entry), this::compare);
      noteRoot();
    }
    if (prefix.entries().size() < path.width()) {
      cutOff =
          "%s has %d whole entries (expected: %d)"
              .formatted(path.text(), prefix.entries().size(), path.width());
    } else if (prefix.bytesLeft() > 0 && !full) {
      note(
          damagedFiles,
          "%s: %d bytes after its last entry (expected: none)"
              .formatted(path.text(), prefix.bytesLeft()));
    }
  }

  private void noteRoot() {
    if (wantedRoots.contains(rows.size())) {
      roots.put(rows.size(), rows.root());
    }
  }

  private void compare(LogPath.OfTile computedPath, Tile computed) {
    // Where the entries end too early the computed tile is narrower than the stored one.
    LogPath.OfTile path = tiles.tilePath(computedPath.level(), computedPath.index());
    byte[] stored = tiles.read(path).orElse(null);
    if (stored == null) {
      note(damagedFiles, path.text() + ": absent");
      absentTiles.add(path);
      return;
    }
    byte[] expected = computed.toBytes();
    if (stored.length != path.bytesMax()) {
      note(
          damagedFiles,
          "%s: %d bytes (expected: %d)".formatted(path.text(), stored.length, path.bytesMax()));
    }
    for (int offset = 0;
        offset + TreeHash.BYTES <= Math.min(stored.length, expected.length);
        offset += TreeHash.BYTES) {
      int end = offset + TreeHash.BYTES;
      if (!Arrays.equals(stored, offset, end, expected, offset, end)) {
        int position = offset / TreeHash.BYTES;
        note(
            differences,
            new Difference(
                path,
                covered(path, position),
                computed.hashes().get(position),
                TreeHash.of(Arrays.copyOfRange(stored, offset, end))));
      }
    }
  }

  private EntryRange covered(LogPath.OfTile path, int position) {
    int shift = path.level() * Tile.HEIGHT;
    long first = (path.index() * LogPath.FULL_WIDTH + position) << shift;
    return new EntryRange(first, first + (1L << shift));
  }

  private static <T> void note(List<T> list, T element) {
    if (list.size() < NOTED_MAX) {
      list.add(element);
    }
  }

  /** Root of the entries that were read. */
  TreeHash root() {
    return rows.root();
  }

  /** How many entries were read. */
  long entriesRead() {
    return rows.size();
  }

  /** Why not all entries were read; empty if they were. */
  String cutOff() {
    return cutOff;
  }

  /** Root of the first {@code size} entries, if it was wanted and they were read. */
  Optional<TreeHash> root(long size) {
    return Optional.ofNullable(roots.get(size));
  }

  /** Bytes of an entry, if they were wanted and read. */
  Optional<byte[]> leaf(long number) {
    return Optional.ofNullable(leaves.get(number));
  }

  /** Files that are absent or of the wrong length, with what was expected. */
  List<String> damagedFiles() {
    return damagedFiles;
  }

  /**
   * Whether a difference is the stored tile's own, since the level above has what follows from the
   * entries.
   */
  boolean isOfTileAlone(Difference difference) {
    LogPath.OfTile path = difference.path;
    boolean hasHashAbove =
        path.level() < LogPath.OfTile.LEVEL_MAX
            && path.width() == LogPath.FULL_WIDTH
            && covered(path, path.width() - 1).end() <= rows.size();
    if (!hasHashAbove) {
      return false;
    }
    LogPath.OfTile above = tiles.tilePath(path.level() + 1, path.index() / LogPath.FULL_WIDTH);
    return !absentTiles.contains(above)
        && differences.stream()
            .noneMatch(
                other ->
                    other.path.level() == above.level()
                        && other.entries.contains(difference.entries));
  }

  /** The differences that no narrower one explains, by their first entry. */
  List<Difference> finestDifferences() {
    List<Difference> finest = new ArrayList<>();
    List<Difference> byWidth = new ArrayList<>(differences);
    byWidth.sort((a, b) -> Integer.compare(a.path.level(), b.path.level()));
    for (Difference difference : byWidth) {
      if (finest.stream().noneMatch(finer -> difference.entries.contains(finer.entries))) {
        finest.add(difference);
      }
    }
    finest.sort((a, b) -> Long.compare(a.entries.first(), b.entries.first()));
    return finest;
  }
}
