package dev.slipway.core.audit.receipt;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.audit.tree.InclusionProof;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/**
 * Writes receipts against one checkpoint, from a few tiles each. Every receipt is checked before it
 * is handed out, so that damaged tiles never make a wrong one. Not thread-safe.
 */
public final class ReceiptBook {
  private final SignedCheckpoint checkpoint;
  private final TileReader tiles;

  public ReceiptBook(TileSource source, SignedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.tiles = new TileReader(source, checkpoint.checkpoint().size());
  }

  /**
   * Against the checkpoint that is published now.
   *
   * @throws SlipwayException NOT_READY if there is none yet, STORE_CORRUPT if it is malformed
   */
  public static ReceiptBook ofPublished(TileSource source) {
    byte[] bytes =
        source
            .read(new LogPath.OfCheckpoint())
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_READY, "the audit log has no checkpoint yet"));
    try {
      return new ReceiptBook(source, SignedCheckpoint.parse(bytes));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "the audit log's checkpoint: " + e.getMessage(), e);
    }
  }

  public SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  /**
   * The receipt of an entry.
   *
   * @throws SlipwayException NOT_READY if the checkpoint does not cover the entry yet,
   *     STORE_CORRUPT if the tiles do not fit the checkpoint
   */
  public Receipt receipt(long index) {
    long size = checkpoint.checkpoint().size();
    if (index < 0 || index >= size) {
      throw new SlipwayException(
          ErrorCode.NOT_READY,
          "audit entry %d (expected: below %d, the size of the newest checkpoint)"
              .formatted(index, size));
    }
    InclusionProof proof;
    boolean fits;
    try {
      proof = InclusionProof.create(index, size, tiles);
      fits = proof.proves(tiles.node(0, index), checkpoint.checkpoint().root());
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "the audit log's tiles: " + e.getMessage(), e);
    }
    if (!fits) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "the audit log's tiles do not fit its checkpoint at entry %d".formatted(index));
    }
    return new Receipt(proof, checkpoint, new byte[0]);
  }
}
