package dev.slipway.core.audit.checkpoint;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** A checkpoint with its signatures, which nobody has verified yet. */
public record SignedCheckpoint(Checkpoint checkpoint, SignedNote note) {
  public SignedCheckpoint {
    if (!checkpoint.text().equals(note.text())) {
      throw new IllegalArgumentException("checkpoint: not the text of its note");
    }
  }

  /**
   * Reads a signed note whose text is a checkpoint.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static SignedCheckpoint parse(byte[] bytes) {
    SignedNote note = SignedNote.parse(bytes);
    return new SignedCheckpoint(Checkpoint.parse(note.text()), note);
  }

  /** Signs a checkpoint as its log. */
  public static SignedCheckpoint sign(Checkpoint checkpoint, SigningKey key, Instant time) {
    String text = checkpoint.text();
    return new SignedCheckpoint(checkpoint, new SignedNote(text, List.of(key.sign(text, time))));
  }

  public byte[] toBytes() {
    return note.toBytes();
  }

  /** This checkpoint with further signatures, such as those of witnesses. */
  public SignedCheckpoint with(Collection<NoteSignature> further) {
    return new SignedCheckpoint(checkpoint, note.with(further));
  }

  /**
   * Whether the log that the key belongs to signed it: the origin is the key's name.
   *
   * @throws IllegalArgumentException if a signature claims to be of the key and is not valid
   */
  public boolean isSignedBy(VerifierKey log) {
    return checkpoint.origin().equals(log.name()) && !note.verifiedBy(List.of(log)).isEmpty();
  }
}
