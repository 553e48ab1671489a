package dev.slipway.core.audit.verify;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.receipt.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an auditor knows without the export.
 *
 * @param log the log's public key; null if it is not known, and then nothing is proven about who
 *     wrote the log
 * @param quorum the witnesses that must have cosigned
 * @param known checkpoints seen before or got from a witness: the log must continue each of them
 * @param receipts proofs handed out before: the log must have their entries
 */
public record Trust(
    @Nullable VerifierKey log,
    WitnessQuorum quorum,
    List<SignedCheckpoint> known,
    List<Receipt> receipts) {
  public Trust {
    known = List.copyOf(known);
    receipts = List.copyOf(receipts);
  }

  /** Only the key is known. */
  public static Trust of(VerifierKey log) {
    return new Trust(log, WitnessQuorum.NONE, List.of(), List.of());
  }

  /** Nothing is known. */
  public static Trust none() {
    return new Trust(null, WitnessQuorum.NONE, List.of(), List.of());
  }
}
