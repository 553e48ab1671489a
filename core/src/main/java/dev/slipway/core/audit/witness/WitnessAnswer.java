package dev.slipway.core.audit.witness;

import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import java.util.List;

/** What a witness answers, with the HTTP status that the protocol gives it. */
public sealed interface WitnessAnswer {
  int status();

  /**
   * It cosigned, and may say so once {@code latest} is durable.
   *
   * @param latest the checkpoint with the log's and the witness's signatures
   * @param cosignatures the witness's own
   */
  record Cosigned(SignedCheckpoint latest, List<NoteSignature> cosignatures)
      implements WitnessAnswer {
    public Cosigned {
      cosignatures = List.copyOf(cosignatures);
    }

    @Override
    public int status() {
      return 200;
    }
  }

  /**
   * The request's old size is not that of the checkpoint cosigned last.
   *
   * @param size of that checkpoint; 0 if there is none
   */
  record Conflict(long size) implements WitnessAnswer {
    @Override
    public int status() {
      return 409;
    }
  }

  /**
   * It refused.
   *
   * @param refusal which of the protocol's reasons
   * @param message for a person
   */
  record Refused(Refusal refusal, String message) implements WitnessAnswer {
    @Override
    public int status() {
      return refusal.status();
    }
  }

  /** Why a witness refuses. */
  enum Refusal {
    /** The request is malformed, or its old size is above the checkpoint's. */
    BAD_REQUEST(400),
    /** No valid signature of the log. */
    NOT_SIGNED(403),
    /** The witness does not watch this log. */
    UNKNOWN_LOG(404),
    /** The checkpoint does not continue the one cosigned last. */
    INCONSISTENT(422);

    private final int status;

    Refusal(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }
}
