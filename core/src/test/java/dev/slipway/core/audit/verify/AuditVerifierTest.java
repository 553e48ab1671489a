package dev.slipway.core.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.core.audit.MemoryLog;
import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.receipt.ReceiptBook;
import dev.slipway.core.audit.tile.EntryBundle;
import dev.slipway.core.audit.tree.InclusionProof;
import dev.slipway.core.audit.verify.Finding.EntryRange;
import dev.slipway.core.audit.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every attack that the log is there to show. */
class AuditVerifierTest {
  private static final Trust KEY_KNOWN = Trust.of(MemoryLog.KEY.verifier());
  private static final SigningKey WITNESS =
      MemoryLog.key("witness.example", SignatureType.COSIGNATURE_ED25519, 2);
  private static final SigningKey WITNESS_2 =
      MemoryLog.key("witness2.example", SignatureType.COSIGNATURE_ML_DSA_44, 3);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1000, 66_000})
  void aLogThatNobodyTouchedIsIntact(int size) {
    AuditReport report = verify(MemoryLog.of(size), KEY_KNOWN);

    assertThat(report.findings()).isEmpty();
    assertThat(report.isIntact()).isTrue();
    assertThat(report.authenticityProven()).isTrue();
    assertThat(report.entriesRead()).isEqualTo(size);
    assertThat(report.firstBadEntry()).isEmpty();
  }

  @Test
  void withoutAKeyNothingIsProvenAboutWhoWroteTheLog() {
    AuditReport report = verify(MemoryLog.of(300), Trust.none());

    assertThat(report.isIntact()).isTrue();
    assertThat(report.authenticityProven()).isFalse();
    assertThat(report.key()).isEqualTo(MemoryLog.KEY.verifier());
  }

  @Test
  void everyEditedEntryIsNamed() {
    for (int entry : new int[] {0, 1, 255, 256, 300, 511, 512, 599}) {
      MemoryLog log = MemoryLog.of(600);
      edit(log, entry);

      AuditReport report = verify(log, KEY_KNOWN);

      assertOnly(report, Kind.ENTRY_ALTERED, EntryRange.single(entry));
      assertThat(report.firstBadEntry()).isEqualTo(OptionalLong.of(entry));
      assertThat(report.findings().getFirst().message())
          .startsWith("entry %d is not what was logged: its hash is ".formatted(entry));
    }
  }

  @Test
  void bitsEverywhereInABundleMatter() {
    MemoryLog log = MemoryLog.of(3);
    byte[] bundle = log.file("tile/entries/000.p/3");
    for (int bit = 0; bit < bundle.length * 8; bit += 3) {
      byte[] changed = bundle.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      log.files().put("tile/entries/000.p/3", changed);

      AuditReport report = verify(log, KEY_KNOWN);

      assertThat(report.isIntact()).as("bit %d", bit).isFalse();
      int entry = bit / 8 / (bundle.length / 3);
      assertThat(report.firstBadEntry()).as("bit %d", bit).isEqualTo(OptionalLong.of(entry));
    }
  }

  @Test
  void severalEditedEntriesAreAllNamedTheFirstFirst() {
    MemoryLog log = MemoryLog.of(600);
    edit(log, 450);
    edit(log, 17);

    assertThat(verify(log, KEY_KNOWN).findings())
        .extracting(Finding::entries)
        .containsExactly(EntryRange.single(17), EntryRange.single(450));
  }

  @Test
  void anEditedEntryWithItsTileIsNarrowedToTheTile() {
    MemoryLog log = MemoryLog.of(1000);
    edit(log, 300);
    rehash(log, 1);

    AuditReport report = verify(log, KEY_KNOWN);

    assertOnly(report, Kind.ENTRY_ALTERED, new EntryRange(256, 512));
    assertThat(report.findings().getFirst().message())
        .contains("entries 256 to 511", "tiles below tile/1/000.p/3");
  }

  @Test
  void aTreeBuiltAnewIsFoundByTheSignature() {
    MemoryLog log = MemoryLog.of(600);
    byte[] signed = log.file("checkpoint");
    MemoryLog rebuilt = forged(600, 300, MemoryLog.KEY);
    rebuilt.files().put("checkpoint", signed);

    AuditReport report = verify(rebuilt, KEY_KNOWN);

    assertOnly(report, Kind.ENTRY_ALTERED, new EntryRange(0, 600));
    assertThat(report.findings().getFirst().message()).contains("the tree was built anew");
  }

  @Test
  void aKnownCheckpointNarrowsDownATreeBuiltAnew() {
    SignedCheckpoint at200 = MemoryLog.of(200).publish(MemoryLog.KEY);
    SignedCheckpoint at400 = MemoryLog.of(400).publish(MemoryLog.KEY);
    MemoryLog rebuilt = forged(600, 300, MemoryLog.KEY);

    AuditReport report = verify(rebuilt, known(at200, at400));

    // It is signed by the log's own key: only what was known before shows it.
    assertOnly(report, Kind.FORKED, new EntryRange(200, 400));
  }

  @Test
  void swappedEntriesAreNamedWithTheirOldPlaces() {
    MemoryLog log = MemoryLog.of(600);
    List<byte[]> bundle = log.bundle(1);
    Collections.swap(bundle, 4, 9);
    log.rewrite(1, bundle);

    AuditReport report = verify(log, KEY_KNOWN);

    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.ENTRIES_REORDERED, Kind.ENTRIES_REORDERED);
    assertThat(report.findings().getFirst().message())
        .isEqualTo("entry 260 is not what was logged there but what was logged as entry 265");
    assertThat(report.firstBadEntry()).isEqualTo(OptionalLong.of(260));
  }

  @Test
  void swappedBundlesAreReordered() {
    MemoryLog log = MemoryLog.of(600);
    List<byte[]> first = log.bundle(0);
    log.rewrite(0, log.bundle(1));
    log.rewrite(1, first);

    AuditReport report = verify(log, KEY_KNOWN);

    assertThat(report.findings()).hasSize(512);
    assertThat(report.findings()).allMatch(f -> f.kind() == Kind.ENTRIES_REORDERED);
    assertThat(report.findings().getFirst().message()).endsWith("what was logged as entry 256");
  }

  @Test
  void aRemovedEntryShiftsWhatFollowsAndIsNamed() {
    MemoryLog log = MemoryLog.of(600);
    List<byte[]> bundle = log.bundle(1);
    bundle.remove(10);
    log.files().put("tile/entries/001", new EntryBundle(bundle).toBytes());

    AuditReport report = verify(log, KEY_KNOWN);

    assertThat(report.firstBadEntry()).isEqualTo(OptionalLong.of(266));
    assertThat(report.findings())
        .extracting(Finding::kind)
        .contains(Kind.ENTRIES_REORDERED, Kind.ENTRIES_MISSING);
  }

  @Test
  void aCutOffTailIsNamed() {
    MemoryLog log = MemoryLog.of(600);
    log.files().remove("tile/entries/002.p/88");

    AuditReport report = verify(log, KEY_KNOWN);

    assertOnly(report, Kind.ENTRIES_MISSING, new EntryRange(512, 600));
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "the checkpoint covers 600 entries and 512 are there: tile/entries/002.p/88 is absent");
  }

  @Test
  void aBundleCutInsideAnEntryIsNamed() {
    MemoryLog log = MemoryLog.of(600);
    byte[] bundle = log.file("tile/entries/002.p/88");
    log.files().put("tile/entries/002.p/88", Arrays.copyOf(bundle, bundle.length - 1));

    assertOnly(verify(log, KEY_KNOWN), Kind.ENTRIES_MISSING, new EntryRange(599, 600));
  }

  @Test
  void bytesAfterTheLastEntryAreFound() {
    MemoryLog log = MemoryLog.of(600);
    byte[] bundle = log.file("tile/entries/000");
    log.files().put("tile/entries/000", Arrays.copyOf(bundle, bundle.length + 3));

    AuditReport report = verify(log, KEY_KNOWN);

    assertOnly(report, Kind.TILE_DAMAGED, EntryRange.NONE);
    assertThat(report.findings().getFirst().message())
        .isEqualTo("tile/entries/000: 3 bytes after its last entry (expected: none)");
  }

  @Test
  void aLogSignedWithAnotherKeyIsFoundThoughItIsConsistent() {
    SigningKey other = MemoryLog.key("log.example", SignatureType.ED25519, 9);
    MemoryLog forged = forged(600, 300, other);

    AuditReport report = verify(forged, KEY_KNOWN);

    assertOnly(report, Kind.NOT_SIGNED_BY_LOG, EntryRange.NONE);
    assertThat(report.authenticityProven()).isFalse();
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "the checkpoint of 'log.example' is signed by %s (expected: %s)"
                .formatted(other, MemoryLog.KEY));
    // The key inside the export is the forger's: against that one everything fits.
    AuditReport naive = verify(forged, Trust.none());
    assertThat(naive.isIntact()).isTrue();
    assertThat(naive.authenticityProven()).isFalse();
  }

  @Test
  void aSignatureMovedToAnotherCheckpointIsFound() {
    MemoryLog log = MemoryLog.of(600);
    MemoryLog forged = forged(600, 300, MemoryLog.KEY);
    String text = new String(log.file("checkpoint"), UTF_8);
    forged
        .files()
        .put(
            "checkpoint",
            text.replace(log.root().toBase64(), forged.root().toBase64()).getBytes(UTF_8));

    assertOnly(verify(forged, KEY_KNOWN), Kind.SIGNATURE_INVALID, EntryRange.NONE);
  }

  @Test
  void aCheckpointOfAnotherLogIsNotThisLogs() {
    MemoryLog log = new MemoryLog();
    log.append(5);
    log.publish(MemoryLog.key("other.example", SignatureType.ED25519, 1));

    assertOnly(verify(log, KEY_KNOWN), Kind.NOT_SIGNED_BY_LOG, EntryRange.NONE);
  }

  @Test
  void anOldBackupIsFoundByAKnownCheckpoint() {
    SignedCheckpoint newest = MemoryLog.of(600).publish(MemoryLog.KEY);
    MemoryLog backup = MemoryLog.of(400);

    AuditReport report = verify(backup, known(newest));

    assertOnly(report, Kind.OLDER_THAN_KNOWN, new EntryRange(400, 600));
    assertThat(report.findings().getFirst().message())
        .startsWith("the log ends after 400 entries, and 600 are known from before");
    assertThat(verify(MemoryLog.of(700), known(newest)).isIntact()).isTrue();
  }

  @Test
  void witnessesAreRequiredAndCounted() {
    MemoryLog log = new MemoryLog();
    log.append(300);
    String text = log.publish(MemoryLog.KEY).note().text();
    NoteSignature one = WITNESS.sign(text, MemoryLog.NOON);
    NoteSignature two = WITNESS_2.sign(text, MemoryLog.NOON);
    log.publish(MemoryLog.KEY, one);

    assertThat(verify(log, witnessed(1)).isIntact()).isTrue();
    assertThat(verify(log, witnessed(1)).cosigners()).containsExactly(WITNESS.verifier());
    assertOnly(verify(log, witnessed(2)), Kind.TOO_FEW_WITNESSES, EntryRange.NONE);
    log.publish(MemoryLog.KEY, one, two);
    assertThat(verify(log, witnessed(2)).isIntact()).isTrue();
    // Replayed: the cosignature of an older checkpoint under the newer one.
    log.append(1);
    log.publish(MemoryLog.KEY, one, two);
    assertOnly(verify(log, witnessed(1)), Kind.SIGNATURE_INVALID, EntryRange.NONE);
  }

  @Test
  void receiptsOfTheLogFitAndForgedOnesDoNot() {
    MemoryLog log = MemoryLog.of(400);
    Receipt receipt = ReceiptBook.ofPublished(log).receipt(123);
    log.append(200);
    log.publish(MemoryLog.KEY);
    assertThat(verify(log, receipts(receipt)).isIntact()).isTrue();

    InclusionProof moved = new InclusionProof(124, 400, receipt.proof().path());
    Receipt forged = new Receipt(moved, receipt.checkpoint(), new byte[0]);
    AuditReport report = verify(log, receipts(forged));
    assertOnly(report, Kind.RECEIPT_FORGED, EntryRange.single(124));

    MemoryLog other = forged(400, 123, MemoryLog.key("log.example", SignatureType.ED25519, 9));
    Receipt resigned = ReceiptBook.ofPublished(other).receipt(123);
    assertThat(verify(log, receipts(resigned)).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .isEqualTo(
                        "the receipt for entry 123: its checkpoint is not signed by "
                            + MemoryLog.KEY));
  }

  @Test
  void aReceiptShowsThatTheLogWasRolledBackOrRewritten() {
    Receipt receipt = ReceiptBook.ofPublished(MemoryLog.of(400)).receipt(123);

    assertOnly(
        verify(MemoryLog.of(100), receipts(receipt)),
        Kind.OLDER_THAN_KNOWN,
        new EntryRange(100, 400));
    assertThat(verify(forged(600, 123, MemoryLog.KEY), receipts(receipt)).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.FORKED, Kind.RECEIPT_FORGED);
  }

  @Test
  void aDamagedTileIsToldFromADamagedEntry() {
    MemoryLog log = MemoryLog.of(600);
    byte[] tile = log.file("tile/0/001");
    tile[32 * 7] ^= 1;
    log.files().put("tile/0/001", tile);
    log.files().remove("tile/0/002.p/88");
    edit(log, 3);

    AuditReport report = verify(log, KEY_KNOWN);

    assertThat(report.findings())
        .extracting(Finding::kind, Finding::entries)
        .containsExactly(
            tuple(Kind.ENTRY_ALTERED, EntryRange.single(3)),
            tuple(Kind.TILE_DAMAGED, EntryRange.NONE),
            tuple(Kind.TILE_DAMAGED, EntryRange.NONE));
    assertThat(report.findings().get(1).message()).isEqualTo("tile/0/002.p/88: absent");
    assertThat(report.findings().get(2).message())
        .isEqualTo("tile/0/001: not the hash of entry 263, which is as it was logged");
  }

  @Test
  void aMissingOrMalformedCheckpointIsFound() {
    MemoryLog log = MemoryLog.of(5);
    log.files().put("checkpoint", "nonsense".getBytes(UTF_8));
    assertOnly(verify(log, KEY_KNOWN), Kind.CHECKPOINT_MALFORMED, EntryRange.NONE);

    log.files().remove("checkpoint");
    assertOnly(verify(log, KEY_KNOWN), Kind.CHECKPOINT_MALFORMED, EntryRange.NONE);
  }

  @Test
  void partialFilesMayBeRemovedOnceTheFullOnesAreThere() {
    MemoryLog log = MemoryLog.of(300);
    byte[] checkpoint = log.file("checkpoint");
    log.append(300);
    log.publish(MemoryLog.KEY);
    log.files().put("checkpoint", checkpoint);
    log.files().keySet().removeIf(name -> name.matches("tile/(0|entries)/001\\.p/.*"));

    assertThat(verify(log, KEY_KNOWN).findings()).isEmpty();
  }

  /** A log of the numbered entries but one, with all its tiles. */
  private static MemoryLog forged(int size, int entry, SigningKey key) {
    MemoryLog log = new MemoryLog();
    for (int i = 0; i < size; i++) {
      log.append(i == entry ? MemoryLog.entry(1_000_000) : MemoryLog.entry(i));
    }
    log.publish(key);
    return log;
  }

  /** Changes one letter of an entry where it is stored. */
  private static void edit(MemoryLog log, int entry) {
    String name =
        log.files().keySet().stream()
            .filter(file -> file.startsWith("tile/entries/%03d".formatted(entry / 256)))
            .findFirst()
            .orElseThrow();
    int width = name.contains(".p/") ? Integer.parseInt(name.replaceAll(".*/", "")) : 256;
    List<byte[]> entries =
        new ArrayList<>(EntryBundle.parsePrefix(width, log.file(name)).entries());
    String text = new String(entries.get(entry % 256), UTF_8);
    entries.set(entry % 256, text.replace("changed", "deleted").getBytes(UTF_8));
    log.files().put(name, new EntryBundle(entries).toBytes());
  }

  /** Makes a full tile of level 0 fit the entries that are stored. */
  private static void rehash(MemoryLog log, int index) {
    byte[] bundle = log.file("tile/entries/%03d".formatted(index));
    List<byte[]> entries = EntryBundle.parsePrefix(256, bundle).entries();
    log.files().put("tile/0/%03d".formatted(index), new EntryBundle(entries).hashed().toBytes());
  }

  private static Trust known(SignedCheckpoint... checkpoints) {
    return new Trust(MemoryLog.KEY.verifier(), WitnessQuorum.NONE, List.of(checkpoints), List.of());
  }

  private static Trust receipts(Receipt... receipts) {
    return new Trust(MemoryLog.KEY.verifier(), WitnessQuorum.NONE, List.of(), List.of(receipts));
  }

  private static Trust witnessed(int required) {
    return new Trust(
        MemoryLog.KEY.verifier(),
        new WitnessQuorum(List.of(WITNESS.verifier(), WITNESS_2.verifier()), required),
        List.of(),
        List.of());
  }

  private static void assertOnly(AuditReport report, Kind kind, EntryRange entries) {
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(kind);
              assertThat(finding.entries()).isEqualTo(entries);
            });
    assertThat(report.isIntact()).isFalse();
  }

  private static AuditReport verify(MemoryLog log, Trust trust) {
    return AuditVerifier.verify(log, trust, (read, of) -> assertThat(read).isLessThanOrEqualTo(of));
  }
}
