package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.log.Integration;
import dev.slipway.core.audit.log.Integration.Step;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.receipt.ReceiptBook;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tile.TreeShape;
import dev.slipway.core.audit.tree.ConsistencyProof;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.witness.AddCheckpoint;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log of one deployment: takes over what was committed, signs it, and proves it.
 *
 * <p>Invariants: a file that a signed checkpoint covers is never written again; nothing is signed
 * that does not continue the last signed checkpoint, as the files on disk show; and nothing is
 * published that is not kept aside first. A crash at any point loses nothing: the next {@link
 * #integrate} does what is left. Thread-safe.
 */
public final class AuditLog {
  private final SequencedLeaves leaves;
  private final TileStore tiles;
  private final LastCheckpoint kept;
  private final SigningKey key;
  private final InstantSource clock;

  /**
   * @param leaves what was committed
   * @param tiles where the log is written; nobody else writes there
   * @param kept apart from what {@code leaves} come from
   * @param key signs the checkpoints; its name is the origin of the log
   */
  public AuditLog(
      SequencedLeaves leaves,
      TileStore tiles,
      LastCheckpoint kept,
      SigningKey key,
      InstantSource clock) {
    this.leaves = leaves;
    this.tiles = tiles;
    this.kept = kept;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Publishes a checkpoint that covers everything committed by now.
   *
   * @return what is published; the same as before if nothing was committed since
   * @throws SlipwayException STORE_CORRUPT if what is stored contradicts itself, with what does and
   *     what helps; then nothing was signed. STORE_UNAVAILABLE if a file cannot be read or written;
   *     then it is to be tried again
   */
  public synchronized SignedCheckpoint integrate() {
    while (true) {
      SignedCheckpoint published = published().orElse(null);
      SignedCheckpoint last = kept.read().orElse(null);
      requireOwn("the checkpoint kept aside", last);
      requireOwn("the published checkpoint", published);
      switch (Integration.next(new Integration.Facts(last, published, leaves.count()))) {
        case Step.Append(long from, long to) -> append(from, to, last);
        case Step.Publish(SignedCheckpoint checkpoint) -> publish(checkpoint, published);
        case Step.Refuse(String message) -> throw corrupt(message, null);
        case Step.Done() -> {
          if (published == null) {
            throw new IllegalStateException("done without a checkpoint");
          }
          return published;
        }
      }
    }
  }

  /**
   * What readers see now.
   *
   * @throws SlipwayException STORE_CORRUPT if it is malformed
   */
  public Optional<SignedCheckpoint> published() {
    Optional<byte[]> bytes = tiles.read(new LogPath.OfCheckpoint());
    try {
      return bytes.map(SignedCheckpoint::parse);
    } catch (IllegalArgumentException e) {
      throw corrupt("the published checkpoint: " + e.getMessage(), e);
    }
  }

  /** The public key, which auditors should have from somewhere else than the log. */
  public VerifierKey verifier() {
    return key.verifier();
  }

  /**
   * The proof of an entry, against the published checkpoint.
   *
   * @throws SlipwayException NOT_READY if that does not cover the entry yet, STORE_CORRUPT if the
   *     tiles do not fit it
   */
  public Receipt receipt(long index) {
    return ReceiptBook.ofPublished(tiles).receipt(index);
  }

  /**
   * What to send to a witness so that it cosigns the published checkpoint.
   *
   * @param oldSize the size that the witness knows; 0 if that is not known, and then it tells
   * @throws SlipwayException NOT_READY if nothing is published, CONFLICT if the witness knows a
   *     larger log than this one, STORE_CORRUPT if the tiles do not fit the checkpoint
   */
  public AddCheckpoint witnessRequest(long oldSize) {
    ReceiptBook book = ReceiptBook.ofPublished(tiles);
    Checkpoint checkpoint = book.checkpoint().checkpoint();
    if (oldSize > checkpoint.size()) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "a witness cosigned %d entries (expected: at most %d, the size of this log): the log was cut off"
              .formatted(oldSize, checkpoint.size()));
    }
    try {
      ConsistencyProof proof =
          ConsistencyProof.create(
              oldSize, checkpoint.size(), new TileReader(tiles, checkpoint.size()));
      return new AddCheckpoint(oldSize, proof.path(), book.checkpoint());
    } catch (IllegalArgumentException e) {
      throw corrupt("the audit log's tiles: " + e.getMessage(), e);
    }
  }

  /**
   * Publishes the cosignatures that a witness answered with.
   *
   * @param checkpoint the one that they were asked for
   * @param cosignatures those of unknown witnesses are left out
   * @param quorum the witnesses that are known
   * @return what is published now; without the cosignatures if a newer checkpoint is by now
   * @throws SlipwayException UPSTREAM_FAILED if one of them is not valid
   */
  public synchronized SignedCheckpoint cosign(
      SignedCheckpoint checkpoint, List<NoteSignature> cosignatures, WitnessQuorum quorum) {
    SignedCheckpoint published =
        published()
            .orElseThrow(
                () -> new SlipwayException(ErrorCode.NOT_READY, "nothing is published yet"));
    if (!published.checkpoint().equals(checkpoint.checkpoint())) {
      return published;
    }
    List<NoteSignature> valid;
    try {
      valid =
          checkpoint.with(cosignatures).note().verifiedBy(quorum.witnesses()).stream()
              .map(verified -> verified.signature())
              .toList();
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED, "a witness answered: " + e.getMessage(), e);
    }
    SignedCheckpoint cosigned = published.with(valid);
    write(new LogPath.OfCheckpoint(), cosigned.toBytes());
    tiles.sync();
    return cosigned;
  }

  /**
   * Compares what is committed with what was logged: a row that was changed afterwards is found.
   *
   * @return number of the first committed leaf that is not what the published tree has; empty if
   *     all are
   * @throws SlipwayException STORE_CORRUPT if the log itself is damaged
   */
  public Optional<Long> firstChangedLeaf() {
    Checkpoint checkpoint = published().map(SignedCheckpoint::checkpoint).orElse(null);
    if (checkpoint == null) {
      return Optional.empty();
    }
    TileReader reader = new TileReader(tiles, checkpoint.size());
    long committed = Math.min(checkpoint.size(), leaves.count());
    for (long first = 0; first < committed; first += LogPath.FULL_WIDTH) {
      List<byte[]> rows = leaves.read(first, Math.min(committed, first + LogPath.FULL_WIDTH));
      try {
        List<TreeHash> logged = reader.tile(0, first / LogPath.FULL_WIDTH).hashes();
        for (int i = 0; i < rows.size(); i++) {
          if (!TreeHash.ofLeaf(rows.get(i)).equals(logged.get(i))) {
            return Optional.of(first + i);
          }
        }
      } catch (IllegalArgumentException e) {
        throw corrupt("the audit log's tiles: " + e.getMessage(), e);
      }
    }
    return committed < checkpoint.size() ? Optional.of(committed) : Optional.empty();
  }

  private void requireOwn(String what, @Nullable SignedCheckpoint checkpoint) {
    try {
      if (checkpoint != null && !checkpoint.isSignedBy(key.verifier())) {
        throw corrupt(
            "%s of '%s' is not signed by %s"
                .formatted(what, checkpoint.checkpoint().origin(), key.verifier()),
            null);
      }
    } catch (IllegalArgumentException e) {
      throw corrupt(what + ": " + e.getMessage(), e);
    }
  }

  private void append(long from, long to, @Nullable SignedCheckpoint last) {
    TreeHash oldRoot = last == null ? TreeHash.EMPTY_ROOT : last.checkpoint().root();
    TreeHash newRoot;
    try {
      newRoot = new TileAppender(leaves, tiles).append(from, to, oldRoot);
      TileReader written = new TileReader(tiles, to);
      boolean continues =
          written.root(to).equals(newRoot)
              && ConsistencyProof.create(from, to, written).proves(oldRoot, newRoot);
      if (!continues) {
        throw corrupt(
            "the tiles written for %d entries do not continue %d".formatted(to, from), null);
      }
    } catch (IllegalArgumentException e) {
      throw corrupt("the audit log's tiles: " + e.getMessage(), e);
    }
    kept.write(
        SignedCheckpoint.sign(
            Checkpoint.of(key.verifier().name(), to, newRoot), key, clock.instant()));
  }

  private void publish(SignedCheckpoint checkpoint, @Nullable SignedCheckpoint before) {
    write(new LogPath.OfKey(), (key.verifier().text() + "\n").getBytes(StandardCharsets.US_ASCII));
    write(new LogPath.OfCheckpoint(), checkpoint.toBytes());
    tiles.sync();
    long oldSize = before == null ? 0 : before.checkpoint().size();
    removePartials(oldSize, checkpoint.checkpoint().size());
  }

  /** Removes the partial files of the old tree that have become full. */
  private void removePartials(long oldSize, long newSize) {
    for (int level = 0; level < TreeShape.levels(oldSize); level++) {
      long last = TreeShape.hashes(oldSize, level) / LogPath.FULL_WIDTH;
      if (TreeShape.width(newSize, level, last) == LogPath.FULL_WIDTH) {
        tiles.removePartials(new LogPath.OfTile(level, last, LogPath.FULL_WIDTH));
        if (level == 0) {
          tiles.removePartials(new LogPath.OfBundle(last, LogPath.FULL_WIDTH));
        }
      }
    }
  }

  private void write(LogPath path, byte[] bytes) {
    tiles.write(path, bytes);
  }

  private static SlipwayException corrupt(String message, @Nullable Throwable cause) {
    return new SlipwayException(ErrorCode.STORE_CORRUPT, "audit log: " + message, cause);
  }
}
