package dev.slipway.core.audit.verify;

import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.verify.Finding.EntryRange;
import dev.slipway.core.audit.verify.Finding.Kind;
import java.util.List;
import java.util.Optional;

/** Checks a receipt without the log, as serving does before it loads what the receipt allows. */
public final class ReceiptCheck {
  private ReceiptCheck() {}

  /**
   * What is wrong with a receipt.
   *
   * @param entry the bytes of the entry that the receipt is shown for
   * @param log the key of the log
   * @return empty if the entry is in the log, and enough witnesses saw the log at that size
   */
  public static Optional<Finding> refusal(
      Receipt receipt, byte[] entry, VerifierKey log, WitnessQuorum quorum) {
    EntryRange range = EntryRange.single(receipt.proof().index());
    if (!receipt.includes(entry)) {
      return Optional.of(
          new Finding(
              Kind.RECEIPT_FORGED,
              range,
              "the receipt's proof does not lead from this entry to the root of its checkpoint"));
    }
    return unsigned(receipt, log, quorum)
        .map(why -> new Finding(Kind.RECEIPT_FORGED, range, "the receipt's checkpoint " + why));
  }

  /** Why the receipt's checkpoint is not to be believed; to be read after "the checkpoint". */
  static Optional<String> unsigned(Receipt receipt, VerifierKey log, WitnessQuorum quorum) {
    try {
      if (!receipt.checkpoint().isSignedBy(log)) {
        return Optional.of("is not signed by " + log);
      }
      List<VerifierKey> cosigners = quorum.cosigners(receipt.checkpoint().note());
      if (cosigners.size() < quorum.required()) {
        return Optional.of(
            "is cosigned by %d witnesses (expected: at least %d)"
                .formatted(cosigners.size(), quorum.required()));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("has a false signature: " + e.getMessage());
    }
  }
}
