package dev.slipway.store.audit;

import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Reads a log from a folder, such as an export. Writes nothing and follows no link. */
public final class FolderTileSource implements TileSource {
  private final Path root;

  /**
   * @param root holds {@code checkpoint} and {@code tile/}
   */
  public FolderTileSource(Path root) {
    this.root = root;
  }

  @Override
  public Optional<byte[]> read(LogPath path) {
    Path file = root.resolve(path.text());
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new SlipwayException(
            ErrorCode.STORE_UNAVAILABLE, "%s: not a file (expected: a file)".formatted(file));
      }
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(in.readNBytes(path.bytesMax() + 1));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot read %s: %s".formatted(file, e), e);
    }
  }
}
