package dev.slipway.core.audit.tile;

import java.util.Optional;

/** Read access to the files of one log: a folder, an archive, a server. Thread-safe. */
@FunctionalInterface
public interface TileSource {
  /**
   * Reads a whole file.
   *
   * @return its bytes; empty if there is no such file. Of a file that is longer than {@link
   *     LogPath#bytesMax} at least one byte more than that, and perhaps not all
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if it cannot be read
   */
  Optional<byte[]> read(LogPath path);
}
