package dev.slipway.store.audit;

import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.DurableFile;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A log as a folder that is at the same time its export: a copy of it, or a web server over it, is
 * the log.
 *
 * <p>Each file is written beside its place, synced and renamed, so that no reader sees half of one.
 * {@code *.new} is what a crash left of a file that was being written.
 */
public final class FolderTileStore implements TileStore {
  private final Path root;
  private final FolderTileSource source;
  private final Set<Path> unsynced = new HashSet<>();

  /**
   * Opens or creates the folder.
   *
   * @throws SlipwayException STORE_UNAVAILABLE if it cannot be written
   */
  public FolderTileStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.source = new FolderTileSource(this.root);
    try {
      makeFolder(this.root);
      sync();
    } catch (IOException e) {
      throw unavailable("create " + root, e);
    }
  }

  @Override
  public Optional<byte[]> read(LogPath path) {
    return source.read(path);
  }

  @Override
  public synchronized void write(LogPath path, byte[] bytes) {
    Path file = root.resolve(path.text());
    Path folder = Objects.requireNonNull(file.getParent());
    try {
      makeFolder(folder);
      DurableFile.write(file, bytes);
      unsynced.add(folder);
    } catch (IOException e) {
      throw unavailable("write " + file, e);
    }
  }

  @Override
  public synchronized void sync() {
    try {
      for (Path folder : unsynced) {
        FileTree.syncFolder(folder);
      }
      unsynced.clear();
    } catch (IOException e) {
      throw unavailable("sync " + root, e);
    }
  }

  @Override
  public synchronized void removePartials(LogPath full) {
    Path partials = root.resolve(full.text() + ".p");
    try {
      FileTree.delete(partials);
    } catch (IOException e) {
      throw unavailable("delete " + partials, e);
    }
  }

  /** Creates a folder and those above it, and remembers to make their names durable. */
  private void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      makeFolder(above);
      unsynced.add(above);
    }
    Files.createDirectory(folder);
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE, "cannot %s: %s".formatted(what, cause), cause);
  }
}
