package dev.slipway.store.audit;

import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileSource;

/**
 * Where the files of a log are written. One writer at a time; readers at any time. Every method
 * throws a SlipwayException STORE_UNAVAILABLE if the store cannot do it.
 */
public interface TileStore extends TileSource {
  /**
   * Writes a file, or replaces one that no signed checkpoint covers yet. It is there whole or not
   * at all, and durable after {@link #sync}.
   */
  void write(LogPath path, byte[] bytes);

  /** Makes everything written before durable. */
  void sync();

  /**
   * Removes the partial files of a tile or bundle that is full now; readers then take the full one.
   */
  void removePartials(LogPath full);
}
