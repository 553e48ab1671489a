package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.receipt.ReceiptBook;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.audit.tile.TreeShape;
import dev.slipway.core.audit.verify.VerificationProgress;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/** Copies a log as it is at its published checkpoint, without what earlier ones left. */
public final class TileExport {
  private TileExport() {}

  /**
   * Copies the log; the checkpoint is written last, so a copy with one is whole.
   *
   * @param to a store without a checkpoint
   * @return what the copy has
   * @throws SlipwayException NOT_READY if nothing is published, ALREADY_EXISTS if there is a log at
   *     the target, STORE_CORRUPT if a file is absent or malformed
   */
  public static Checkpoint copy(TileSource from, TileStore to, VerificationProgress progress) {
    if (to.read(new LogPath.OfCheckpoint()).isPresent()) {
      throw new SlipwayException(
          ErrorCode.ALREADY_EXISTS, "export: the target has a log (expected: none)");
    }
    ReceiptBook book = ReceiptBook.ofPublished(from);
    Checkpoint checkpoint = book.checkpoint().checkpoint();
    TileReader reader = new TileReader(from, checkpoint.size());
    try {
      copyTiles(reader, to, progress);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorCode.STORE_CORRUPT, "audit log: " + e.getMessage(), e);
    }
    from.read(new LogPath.OfKey()).ifPresent(key -> to.write(new LogPath.OfKey(), key));
    to.sync();
    to.write(new LogPath.OfCheckpoint(), book.checkpoint().toBytes());
    to.sync();
    return checkpoint;
  }

  private static void copyTiles(TileReader reader, TileStore to, VerificationProgress progress) {
    for (int level = 0; level < TreeShape.levels(reader.size()); level++) {
      for (long index = 0; index < TreeShape.tiles(reader.size(), level); index++) {
        to.write(reader.tilePath(level, index), reader.tile(level, index).toBytes());
      }
    }
    long done = 0;
    for (long index = 0; index < TreeShape.tiles(reader.size(), 0); index++) {
      EntryBundle bundle = reader.bundle(index);
      to.write(reader.bundlePath(index), bundle.toBytes());
      done += bundle.entries().size();
      progress.read(done, reader.size());
    }
  }
}
