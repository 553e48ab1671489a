package dev.slipway.core.audit.verify;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier found.
 *
 * @param checkpoint what the log claims; null if that cannot be read
 * @param entriesRead how many entries were read and hashed
 * @param key the key that signatures were checked against; null if there was none
 * @param authenticityProven whether that key came from the auditor and its signature is valid
 * @param cosigners the known witnesses that cosigned
 * @param findings what is wrong, the first bad entry first; empty if nothing is
 */
public record AuditReport(
    @Nullable Checkpoint checkpoint,
    long entriesRead,
    @Nullable VerifierKey key,
    boolean authenticityProven,
    List<VerifierKey> cosigners,
    List<Finding> findings) {
  public AuditReport {
    cosigners = List.copyOf(cosigners);
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong. */
  public boolean isIntact() {
    return findings.isEmpty();
  }

  /**
   * Number of the first entry that is not as it was logged, or, where only a range can be told, of
   * the range's first.
   */
  public OptionalLong firstBadEntry() {
    return findings.stream()
        .map(Finding::entries)
        .filter(range -> !range.isEmpty())
        .mapToLong(Finding.EntryRange::first)
        .min();
  }
}
