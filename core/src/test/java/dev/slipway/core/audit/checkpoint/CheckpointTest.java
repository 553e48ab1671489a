package dev.slipway.core.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.audit.tree.TreeHash;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final byte[] SEED = new byte[SigningKey.SEED_BYTES];

  /** A checkpoint of the Go checksum database, from FiloSottile/torchwood's litewitness tests. */
  @Test
  void aCheckpointOfAGreatPublicLogIsVerified() {
    VerifierKey key =
        VerifierKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    SignedCheckpoint signed =
        SignedCheckpoint.parse(
            """
            go.sum database tree
            35225469
            vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=

            — sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=
            """
                .getBytes(UTF_8));

    assertThat(signed.checkpoint().size()).isEqualTo(35_225_469);
    assertThat(signed.note().verifiedBy(List.of(key))).hasSize(1);
    // Its origin is not the name of its key, which our own logs require.
    assertThat(signed.isSignedBy(key)).isFalse();
  }

  /** golang.org/x/mod/sumdb/tlog, TestFormatTree: the hash is that of the leaf "hello world". */
  @Test
  void aCheckpointIsThreeLines() {
    Checkpoint checkpoint =
        Checkpoint.of(
            "go.sum database tree",
            123_456_789_012L,
            TreeHash.ofLeaf("hello world".getBytes(UTF_8)));

    assertThat(checkpoint.text())
        .isEqualTo(
            "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n");
    assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
  }

  @Test
  void extensionLinesAreKept() {
    String text = "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\none\ntwo\n";

    Checkpoint checkpoint = Checkpoint.parse(text);

    assertThat(checkpoint.extensions()).containsExactly("one", "two");
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "log\n",
        "log\n1\n",
        "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=",
        "\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n01\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n-1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n+1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n9223372036854775808\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n0xabcdef\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBTOOBIG=\n",
        "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb1=\n",
        "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0\n",
        "log\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n\nx\n"
      })
  void malformedCheckpointsAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Checkpoint.parse(text));
  }

  @ParameterizedTest
  @EnumSource
  void eachTypeOfSignatureIsVerifiedByItsKeyAlone(SignatureType type) {
    SigningKey key = SigningKey.of("log.example", type, SEED);
    byte[] otherSeed = SEED.clone();
    otherSeed[0] = 1;
    Checkpoint checkpoint = Checkpoint.of("log.example", 5, TreeHash.ofLeaf(SEED));
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, key, NOON);

    assertThat(SignedCheckpoint.parse(signed.toBytes())).isEqualTo(signed);
    assertThat(signed.isSignedBy(VerifierKey.parse(key.verifier().text()))).isTrue();
    assertThat(SigningKey.parse(key.text()).sign(checkpoint.text(), NOON))
        .isEqualTo(signed.note().signatures().getFirst());
    assertThat(signed.isSignedBy(SigningKey.of("log.example", type, otherSeed).verifier()))
        .isFalse();
    assertThat(signed.note().verifiedBy(List.of(key.verifier())).getFirst().timeSeconds())
        .isEqualTo(type.isTimed() ? OptionalLong.of(NOON.getEpochSecond()) : OptionalLong.empty());
  }

  @ParameterizedTest
  @EnumSource
  void eachByteOfASignatureMatters(SignatureType type) {
    SigningKey key = SigningKey.of("log.example", type, SEED);
    Checkpoint checkpoint = Checkpoint.of("log.example", 5, TreeHash.ofLeaf(SEED));
    NoteSignature good = key.sign(checkpoint.text(), NOON);
    int step = Math.max(1, good.bytes().length / 64);
    for (int i = 0; i < good.bytes().length; i += step) {
      byte[] changed = good.bytes();
      changed[i] ^= 4;
      assertNotOf(key, checkpoint, changed);
    }
    assertNotOf(key, checkpoint, Arrays.copyOf(good.bytes(), good.bytes().length - 1));
    assertNotOf(key, checkpoint, Arrays.copyOf(good.bytes(), good.bytes().length + 1));
    assertNotOf(key, checkpoint, new byte[] {1});
  }

  private static void assertNotOf(SigningKey key, Checkpoint checkpoint, byte[] signature) {
    SignedNote note =
        new SignedNote(
            checkpoint.text(),
            List.of(new NoteSignature("log.example", key.verifier().id(), signature)));
    assertThatIllegalArgumentException().isThrownBy(() -> note.verifiedBy(List.of(key.verifier())));
  }

  /** Keys of transparency-dev/formats, note/note_cosigv1_test.go. */
  @Test
  void publishedCosignerKeysAreRead() throws IOException {
    VerifierKey ed25519 =
        VerifierKey.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2");
    assertThat(ed25519.type()).isEqualTo(SignatureType.COSIGNATURE_ED25519);

    String key;
    try (InputStream in = CheckpointTest.class.getResourceAsStream("ml-dsa-44.base64")) {
      key = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).strip();
    }
    // There it stands under the id 5893dc2c, which does not follow from the name and the key.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse("test+5893dc2c+" + key))
        .withMessage("public key: id 5893dc2c (expected: 31236897)");
    VerifierKey mlDsa = VerifierKey.parse("test+31236897+" + key);
    assertThat(mlDsa.type()).isEqualTo(SignatureType.COSIGNATURE_ML_DSA_44);
    assertThat(mlDsa.publicKey()).hasSize(1312);
    assertThat(mlDsa.text()).isEqualTo("test+31236897+" + key);
  }

  /** Ed25519 of RFC 8032, section 7.1, test 1. */
  @Test
  void publicKeyFollowsFromTheSeed() {
    byte[] seed =
        HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    assertThat(SigningKey.of("rfc", SignatureType.ED25519, seed).verifier().publicKey())
        .isEqualTo(
            HexFormat.of()
                .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  }

  /** c2sp.org/tlog-cosignature: the layout of the structure that ML-DSA-44 signs. */
  @Test
  void mlDsaSignsNamesTimeAndTree() {
    Checkpoint checkpoint = Checkpoint.of("log", 5, TreeHash.ofLeaf(SEED));

    byte[] message =
        SignatureType.COSIGNATURE_ML_DSA_44.message("witness", checkpoint.text(), 0x0102);

    assertThat(HexFormat.of().formatHex(message))
        .isEqualTo(
            HexFormat.of().formatHex("subtree/v1\n\0".getBytes(UTF_8))
                + "07"
                + HexFormat.of().formatHex("witness".getBytes(UTF_8))
                + "0000000000000102"
                + "03"
                + HexFormat.of().formatHex("log".getBytes(UTF_8))
                + "0000000000000000"
                + "0000000000000005"
                + checkpoint.root());
  }

  @Test
  void mlDsaRefusesExtensionLinesWhichItWouldNotSign() {
    SigningKey key = SigningKey.of("log", SignatureType.COSIGNATURE_ML_DSA_44, SEED);
    Checkpoint checkpoint = new Checkpoint("log", 1, TreeHash.ofLeaf(SEED), List.of("more"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedCheckpoint.sign(checkpoint, key, NOON))
        .withMessageContaining("extension lines");
  }

  @Test
  void cosignaturesOfTwoNamesWithOneKeyCountOnce() {
    VerifierKey one = SigningKey.of("w1", SignatureType.COSIGNATURE_ED25519, SEED).verifier();
    VerifierKey two = SigningKey.of("w2", SignatureType.COSIGNATURE_ED25519, SEED).verifier();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WitnessQuorum(List.of(one, two), 1))
        .withMessageContaining("its public key is another's too");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WitnessQuorum(List.of(one), 2))
        .withMessage("witnesses required: 2 (expected: from 0 to 1)");
    VerifierKey log = SigningKey.of("log", SignatureType.ED25519, SEED).verifier();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WitnessQuorum(List.of(log), 1))
        .withMessageContaining("type 0x01 (expected: 0x04 or 0x06)");
  }
}
