package dev.slipway.core.audit.verify;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.TileSource;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.verify.Finding.EntryRange;
import dev.slipway.core.audit.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a whole log offline: that every entry leads to the root of its checkpoint, that the
 * checkpoint is the log's own, and that it continues everything known from before.
 *
 * <p>It reads each entry once and keeps a few hashes; a million entries take seconds. Not
 * thread-safe; use one for each verification.
 */
public final class AuditVerifier {
  private final TileSource source;
  private final Trust trust;
  private final List<Finding> findings = new ArrayList<>();
  private List<VerifierKey> cosigners = List.of();
  private boolean signedByLog;

  private AuditVerifier(TileSource source, Trust trust) {
    this.source = source;
    this.trust = trust;
  }

  /**
   * Verifies a log.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if a file cannot be read
   */
  public static AuditReport verify(TileSource source, Trust trust, VerificationProgress progress) {
    return new AuditVerifier(source, trust).run(progress);
  }

  private AuditReport run(VerificationProgress progress) {
    SignedCheckpoint signed = readCheckpoint();
    VerifierKey key = trust.log() == null ? keyOfExport() : trust.log();
    if (signed == null) {
      return report(null, 0, key);
    }
    checkSignatures(signed, key);
    Checkpoint checkpoint = signed.checkpoint();
    TreeScan scan = new TreeScan(source, checkpoint.size(), wantedRoots(), wantedLeaves());
    scan.run(progress);
    checkTree(checkpoint, scan);
    for (SignedCheckpoint known : trust.known()) {
      checkKnown(known, checkpoint, scan);
    }
    for (Receipt receipt : trust.receipts()) {
      checkReceipt(receipt, checkpoint, scan, key);
    }
    return report(checkpoint, scan.entriesRead(), key);
  }

  private AuditReport report(
      @Nullable Checkpoint checkpoint, long entriesRead, @Nullable VerifierKey key) {
    findings.sort(
        Comparator.comparing((Finding finding) -> finding.entries().isEmpty())
            .thenComparingLong(finding -> finding.entries().first()));
    return new AuditReport(
        checkpoint, entriesRead, key, trust.log() != null && signedByLog, cosigners, findings);
  }

  private @Nullable SignedCheckpoint readCheckpoint() {
    Optional<byte[]> bytes = source.read(new LogPath.OfCheckpoint());
    if (bytes.isEmpty()) {
      add(Kind.CHECKPOINT_MALFORMED, EntryRange.NONE, "checkpoint: absent");
      return null;
    }
    try {
      return SignedCheckpoint.parse(bytes.get());
    } catch (IllegalArgumentException e) {
      add(Kind.CHECKPOINT_MALFORMED, EntryRange.NONE, "checkpoint: " + e.getMessage());
      return null;
    }
  }

  /** The key that lies in the export; whoever made the export chose it. */
  private @Nullable VerifierKey keyOfExport() {
    try {
      return source
          .read(new LogPath.OfKey())
          .map(bytes -> VerifierKey.parse(StrictUtf8.decode("log.vkey", bytes).strip()))
          .orElse(null);
    } catch (IllegalArgumentException e) {
      return null; // As good as no key.
    }
  }

  private void checkSignatures(SignedCheckpoint signed, @Nullable VerifierKey key) {
    try {
      signedByLog = key != null && signed.isSignedBy(key);
      if (key != null && !signedByLog) {
        add(
            Kind.NOT_SIGNED_BY_LOG,
            EntryRange.NONE,
            "the checkpoint of '%s' is signed by %s (expected: %s)"
                .formatted(
                    signed.checkpoint().origin(),
                    String.join(
                        ", ", signed.note().signatures().stream().map(Object::toString).toList()),
                    key));
      }
    } catch (IllegalArgumentException e) {
      add(Kind.SIGNATURE_INVALID, EntryRange.NONE, "the checkpoint was changed: " + e.getMessage());
    }
    try {
      cosigners = trust.quorum().cosigners(signed.note());
      if (cosigners.size() < trust.quorum().required()) {
        add(
            Kind.TOO_FEW_WITNESSES,
            EntryRange.NONE,
            "the checkpoint is cosigned by %d of the %d known witnesses (expected: at least %d)"
                .formatted(
                    cosigners.size(),
                    trust.quorum().witnesses().size(),
                    trust.quorum().required()));
      }
    } catch (IllegalArgumentException e) {
      add(Kind.SIGNATURE_INVALID, EntryRange.NONE, "the checkpoint was changed: " + e.getMessage());
    }
  }

  private Set<Long> wantedRoots() {
    Set<Long> sizes = new HashSet<>();
    trust.known().forEach(known -> sizes.add(known.checkpoint().size()));
    trust.receipts().forEach(receipt -> sizes.add(receipt.checkpoint().checkpoint().size()));
    return sizes;
  }

  private Set<Long> wantedLeaves() {
    Set<Long> numbers = new HashSet<>();
    trust.receipts().forEach(receipt -> numbers.add(receipt.proof().index()));
    return numbers;
  }

  private void checkTree(Checkpoint checkpoint, TreeScan scan) {
    boolean rootFits = scan.cutOff().isEmpty() && scan.root().equals(checkpoint.root());
    if (!scan.cutOff().isEmpty()) {
      add(
          Kind.ENTRIES_MISSING,
          new EntryRange(scan.entriesRead(), checkpoint.size()),
          "the checkpoint covers %d entries and %d are there: %s"
              .formatted(checkpoint.size(), scan.entriesRead(), scan.cutOff()));
    }
    scan.damagedFiles().forEach(file -> add(Kind.TILE_DAMAGED, EntryRange.NONE, file));
    List<TreeScan.Difference> ofEntries = new ArrayList<>();
    for (TreeScan.Difference difference : scan.finestDifferences()) {
      if (rootFits || scan.isOfTileAlone(difference)) {
        add(
            Kind.TILE_DAMAGED,
            EntryRange.NONE,
            "%s: not the hash of %s, which is as it was logged"
                .formatted(difference.path().text(), difference.entries()));
      } else {
        ofEntries.add(difference);
      }
    }
    ofEntries.forEach(difference -> addAltered(difference, ofEntries));
    if (!rootFits && ofEntries.isEmpty() && scan.cutOff().isEmpty()) {
      add(
          Kind.ENTRY_ALTERED,
          new EntryRange(0, checkpoint.size()),
          "the entries and tiles agree with each other but have root %s (signed: %s): entries"
                  .formatted(scan.root().toBase64(), checkpoint.root().toBase64())
              + " were changed and the tree was built anew; a checkpoint or a receipt from before"
              + " narrows down which");
    }
  }

  private void addAltered(TreeScan.Difference difference, List<TreeScan.Difference> ofEntries) {
    EntryRange range = difference.entries();
    if (difference.path().level() > 0) {
      add(
          Kind.ENTRY_ALTERED,
          range,
          "one or more of %s are not what was logged, and the tiles below %s were changed with them"
              .formatted(range, difference.path().text()));
      return;
    }
    Optional<TreeScan.Difference> origin =
        ofEntries.stream()
            .filter(
                other -> !other.equals(difference) && other.stored().equals(difference.computed()))
            .findFirst();
    if (origin.isPresent()) {
      add(
          Kind.ENTRIES_REORDERED,
          range,
          "%s is not what was logged there but what was logged as %s"
              .formatted(range, origin.get().entries()));
    } else {
      add(
          Kind.ENTRY_ALTERED,
          range,
          "%s is not what was logged: its hash is %s (logged: %s)"
              .formatted(range, difference.computed().toBase64(), difference.stored().toBase64()));
    }
  }

  private void checkKnown(SignedCheckpoint known, Checkpoint checkpoint, TreeScan scan) {
    Checkpoint before = known.checkpoint();
    if (!before.origin().equals(checkpoint.origin())) {
      add(
          Kind.FORKED,
          EntryRange.NONE,
          "the log is '%s' (known from before: '%s')"
              .formatted(checkpoint.origin(), before.origin()));
      return;
    }
    if (before.size() > checkpoint.size()) {
      add(
          Kind.OLDER_THAN_KNOWN,
          new EntryRange(checkpoint.size(), before.size()),
          "the log ends after %d entries, and %d are known from before: its tail was cut off, or it"
                  .formatted(checkpoint.size(), before.size())
              + " is an old copy");
      return;
    }
    Optional<TreeHash> root = scan.root(before.size());
    if (root.isPresent() && !root.get().equals(before.root())) {
      add(
          Kind.FORKED,
          new EntryRange(intactBefore(before.size(), scan), before.size()),
          "the first %d entries have root %s (known from before: %s)"
              .formatted(before.size(), root.get().toBase64(), before.root().toBase64()));
    }
  }

  /** Size of the largest known tree below {@code size} that the log does begin with. */
  private long intactBefore(long size, TreeScan scan) {
    return trust.known().stream()
        .map(SignedCheckpoint::checkpoint)
        .filter(known -> known.size() < size)
        .filter(known -> scan.root(known.size()).filter(known.root()::equals).isPresent())
        .mapToLong(Checkpoint::size)
        .max()
        .orElse(0);
  }

  private void checkReceipt(
      Receipt receipt, Checkpoint checkpoint, TreeScan scan, @Nullable VerifierKey key) {
    long index = receipt.proof().index();
    EntryRange range = EntryRange.single(index);
    Optional<String> unsigned =
        key == null ? Optional.empty() : ReceiptCheck.unsigned(receipt, key, trust.quorum());
    if (unsigned.isPresent()) {
      add(
          Kind.RECEIPT_FORGED,
          EntryRange.NONE,
          "the receipt for %s: its checkpoint %s".formatted(range, unsigned.get()));
      return;
    }
    // From here on its checkpoint is as good as any other known from before.
    checkKnown(receipt.checkpoint(), checkpoint, scan);
    Optional<byte[]> entry = scan.leaf(index);
    if (entry.isPresent() && !receipt.includes(entry.get())) {
      add(
          Kind.RECEIPT_FORGED,
          range,
          "the receipt for %s does not prove the entry that is there".formatted(range));
    }
  }

  private void add(Kind kind, EntryRange entries, String message) {
    findings.add(new Finding(kind, entries, message));
  }
}
