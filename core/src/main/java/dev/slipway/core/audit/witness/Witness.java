package dev.slipway.core.audit.witness;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.tree.ConsistencyProof;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.witness.WitnessAnswer.Conflict;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.audit.witness.WitnessAnswer.Refusal;
import dev.slipway.core.audit.witness.WitnessAnswer.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about requests to cosign, for the logs it knows. Immutable. */
public final class Witness {
  private static final int ORIGIN_SHOWN_MAX = 100;

  private final List<SigningKey> keys;
  private final List<VerifierKey> logs;

  /**
   * @param keys sign every cosignature; of types with a time
   * @param logs the keys of the logs to watch, each under the log's origin as its name
   */
  public Witness(List<SigningKey> keys, List<VerifierKey> logs) {
    this.keys = List.copyOf(keys);
    this.logs = List.copyOf(logs);
    for (SigningKey key : keys) {
      if (!key.verifier().type().isTimed()) {
        throw new IllegalArgumentException(
            "witness key %s: type 0x%02x (expected: 0x04 or 0x06)"
                .formatted(key, key.verifier().type().code()));
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("witness: no key (expected: at least one)");
    }
  }

  /**
   * Decides about one request. Between reading {@code latest} and persisting the answer nothing
   * else may be decided for the same log.
   *
   * @param latest the checkpoint of this origin that was cosigned last; null if there is none
   */
  public WitnessAnswer answer(AddCheckpoint request, @Nullable Checkpoint latest, Instant now) {
    Checkpoint checkpoint = request.checkpoint().checkpoint();
    List<VerifierKey> logKeys =
        logs.stream().filter(key -> key.name().equals(checkpoint.origin())).toList();
    if (logKeys.isEmpty()) {
      String origin = checkpoint.origin();
      return new Refused(
          Refusal.UNKNOWN_LOG,
          "unknown log: '%s'"
              .formatted(
                  origin.length() <= ORIGIN_SHOWN_MAX
                      ? origin
                      : origin.substring(0, ORIGIN_SHOWN_MAX) + "..."));
    }
    List<NoteSignature> logSignatures;
    try {
      logSignatures =
          request.checkpoint().note().verifiedBy(logKeys).stream()
              .map(SignedNote.Verified::signature)
              .toList();
    } catch (IllegalArgumentException e) {
      return new Refused(Refusal.NOT_SIGNED, String.valueOf(e.getMessage()));
    }
    if (logSignatures.isEmpty()) {
      return new Refused(
          Refusal.NOT_SIGNED, "checkpoint: not signed by %s".formatted(logKeys.getFirst()));
    }
    if (request.oldSize() > checkpoint.size()) {
      return new Refused(
          Refusal.BAD_REQUEST,
          "old size: %d (expected: at most %d, the checkpoint's)"
              .formatted(request.oldSize(), checkpoint.size()));
    }
    Checkpoint known =
        latest == null ? Checkpoint.of(checkpoint.origin(), 0, TreeHash.EMPTY_ROOT) : latest;
    if (request.oldSize() != known.size()) {
      return new Conflict(known.size());
    }
    ConsistencyProof proof =
        new ConsistencyProof(request.oldSize(), checkpoint.size(), request.path());
    if (!proof.proves(known.root(), checkpoint.root())) {
      return new Refused(
          Refusal.INCONSISTENT,
          "checkpoint: size %d does not continue size %d, cosigned last"
              .formatted(checkpoint.size(), known.size()));
    }
    return cosigned(checkpoint, logSignatures, now);
  }

  private WitnessAnswer cosigned(
      Checkpoint checkpoint, List<NoteSignature> logSignatures, Instant now) {
    List<NoteSignature> cosignatures = new ArrayList<>();
    try {
      keys.forEach(key -> cosignatures.add(key.sign(checkpoint.text(), now)));
    } catch (IllegalArgumentException e) {
      return new Refused(Refusal.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    SignedNote signedByLog = new SignedNote(checkpoint.text(), logSignatures);
    return new Cosigned(
        new SignedCheckpoint(checkpoint, signedByLog).with(cosignatures), cosignatures);
  }
}
