package dev.slipway.core.audit.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.MemoryLog;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.tree.InclusionProof;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.verify.Finding;
import dev.slipway.core.audit.verify.ReceiptCheck;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest {
  private static final SigningKey WITNESS =
      MemoryLog.key("witness.example", SignatureType.COSIGNATURE_ED25519, 2);
  private static final String CHECKPOINT =
      new String(MemoryLog.of(3).publish(MemoryLog.KEY).toBytes(), UTF_8);

  @Test
  void everyEntryOfALogHasAReceiptThatIsValidAlone() {
    MemoryLog log = MemoryLog.of(600);
    ReceiptBook book = ReceiptBook.ofPublished(log);
    for (int index = 0; index < 600; index++) {
      Receipt receipt = Receipt.parse(book.receipt(index).toBytes());

      assertThat(refusal(receipt, index)).isEmpty();
      assertThat(refusal(receipt, (index + 1) % 600))
          .hasValueSatisfying(
              finding -> {
                assertThat(finding.kind()).isEqualTo(Finding.Kind.RECEIPT_FORGED);
                assertThat(finding.message()).contains("does", "not lead from this entry");
              });
    }
  }

  @Test
  void theTextIsThatOfTheSpecification() {
    MemoryLog log = MemoryLog.of(3);
    Receipt receipt = ReceiptBook.ofPublished(log).receipt(2);

    assertThat(new String(receipt.toBytes(), UTF_8))
        .isEqualTo(
            "c2sp.org/tlog-proof@v1\nindex 2\n%s\n\n%s"
                .formatted(
                    TreeHash.ofNode(
                            TreeHash.ofLeaf(MemoryLog.entry(0)),
                            TreeHash.ofLeaf(MemoryLog.entry(1)))
                        .toBase64(),
                    CHECKPOINT));
    Receipt withExtra =
        new Receipt(receipt.proof(), receipt.checkpoint(), "extra information".getBytes(UTF_8));
    assertThat(new String(withExtra.toBytes(), UTF_8))
        .startsWith("c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 2\n");
    assertThat(Receipt.parse(withExtra.toBytes())).isEqualTo(withExtra);
  }

  /** The cases of transparency-dev/formats, proof/tlog_proof_test.go, and some more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong-header\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\n\n\n",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n\n",
        "c2sp.org/tlog-proof@v1\nindex 3\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nindex 1\n\n",
        "c2sp.org/tlog-proof@v1\r\nindex 0\n\n"
      })
  void malformedReceiptsAreRefused(String head) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Receipt.parse((head + CHECKPOINT).getBytes(UTF_8)));
  }

  @Test
  void aProofWithMoreHashesThanAnyTreeNeedsIsRefused() {
    String hash = TreeHash.EMPTY_ROOT.toBase64() + "\n";
    String head = "c2sp.org/tlog-proof@v1\nindex 0\n";
    Receipt.parse((head + hash.repeat(63) + "\n" + CHECKPOINT).getBytes(UTF_8));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Receipt.parse((head + hash.repeat(64) + "\n" + CHECKPOINT).getBytes(UTF_8)))
        .withMessage("receipt: 64 hashes (expected: at most 63)");
  }

  @Test
  void aReceiptUnderAnotherKeyIsRefused() {
    MemoryLog forged = new MemoryLog();
    forged.append(3);
    forged.publish(MemoryLog.key("log.example", SignatureType.ED25519, 9));

    assertThat(refusal(ReceiptBook.ofPublished(forged).receipt(1), 1))
        .hasValueSatisfying(
            finding ->
                assertThat(finding.message())
                    .isEqualTo(
                        "the receipt's checkpoint is not signed by " + MemoryLog.KEY.verifier()));
  }

  @Test
  void aReceiptWithAChangedCheckpointIsRefused() {
    Receipt receipt = ReceiptBook.ofPublished(MemoryLog.of(3)).receipt(0);
    String text = new String(receipt.toBytes(), UTF_8);
    TreeHash leaf = TreeHash.ofLeaf("forged".getBytes(UTF_8));
    InclusionProof proof = new InclusionProof(0, 3, receipt.proof().path());
    TreeHash root =
        TreeHash.ofNode(TreeHash.ofNode(leaf, proof.path().get(0)), proof.path().get(1));
    String forged =
        text.replace(receipt.checkpoint().checkpoint().root().toBase64(), root.toBase64());

    assertThat(
            ReceiptCheck.refusal(
                Receipt.parse(forged.getBytes(UTF_8)),
                "forged".getBytes(UTF_8),
                MemoryLog.KEY.verifier(),
                WitnessQuorum.NONE))
        .hasValueSatisfying(
            finding -> assertThat(finding.message()).contains("has a false signature"));
  }

  @Test
  void witnessesAreCounted() {
    MemoryLog log = new MemoryLog();
    log.append(3);
    String text = log.publish(MemoryLog.KEY).note().text();
    WitnessQuorum quorum = new WitnessQuorum(List.of(WITNESS.verifier()), 1);
    Receipt alone = ReceiptBook.ofPublished(log).receipt(0);
    log.publish(MemoryLog.KEY, WITNESS.sign(text, MemoryLog.NOON));
    Receipt witnessed = ReceiptBook.ofPublished(log).receipt(0);

    assertThat(ReceiptCheck.refusal(alone, MemoryLog.entry(0), MemoryLog.KEY.verifier(), quorum))
        .hasValueSatisfying(
            finding ->
                assertThat(finding.message())
                    .endsWith("is cosigned by 0 witnesses (expected: at least 1)"));
    assertThat(
            ReceiptCheck.refusal(witnessed, MemoryLog.entry(0), MemoryLog.KEY.verifier(), quorum))
        .isEmpty();
  }

  @Test
  void damagedTilesGiveNoReceipt() {
    MemoryLog log = MemoryLog.of(3);
    byte[] tile = log.file("tile/0/000.p/3");
    tile[40] ^= 1;
    log.files().put("tile/0/000.p/3", tile);

    assertThatThrownBy(() -> ReceiptBook.ofPublished(log).receipt(0))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessage("the audit log's tiles do not fit its checkpoint at entry 0");
    log.files().remove("tile/0/000.p/3");
    assertThatThrownBy(() -> ReceiptBook.ofPublished(log).receipt(0))
        .hasMessage("the audit log's tiles: tile/0/000.p/3: absent");
  }

  @Test
  void anEntryThatNoCheckpointCoversHasNoReceiptYet() {
    assertThatThrownBy(() -> ReceiptBook.ofPublished(MemoryLog.of(3)).receipt(3))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
        .hasMessage("audit entry 3 (expected: below 3, the size of the newest checkpoint)");
    assertThatThrownBy(() -> ReceiptBook.ofPublished(new MemoryLog()))
        .hasMessage("the audit log has no checkpoint yet");
  }

  private static Optional<Finding> refusal(Receipt receipt, int index) {
    return ReceiptCheck.refusal(
        receipt, MemoryLog.entry(index), MemoryLog.KEY.verifier(), WitnessQuorum.NONE);
  }
}
