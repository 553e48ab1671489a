package dev.slipway.core.audit.tile;

import java.util.Optional;

/** Read access to the files of one log: a folder, an archive, a server. Thread-safe. */
@FunctionalInterface
public interface TileSource {
  /**
   * Reads a whole file.
   *
   * @return its bytes; empty if there is no such file
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if it cannot be read, and
   *     STORE_CORRUPT if it is larger than {@link LogPath#bytesMax}
   */
  Optional<byte[]> read(LogPath path);
}
