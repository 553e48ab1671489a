package dev.slipway.core.audit.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.audit.MemoryLog;
import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tree.ConsistencyProof;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.audit.witness.WitnessAnswer.Conflict;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.audit.witness.WitnessAnswer.Refusal;
import dev.slipway.core.audit.witness.WitnessAnswer.Refused;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessTest {
  private static final SigningKey KEY =
      MemoryLog.key("witness.example", SignatureType.COSIGNATURE_ED25519, 2);

  /** The log of FiloSottile/torchwood, cmd/litewitness/testdata/litewitness.txt. */
  private static final String ORIGIN =
      "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";

  private static final VerifierKey SIGSUM =
      new VerifierKey(
          ORIGIN,
          SignatureType.ED25519,
          HexFormat.of()
              .parseHex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"));

  private static final String SIZE_1 =
      """
      old 0

      %s
      1
      KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

      — %s UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
      """
          .formatted(ORIGIN, ORIGIN);

  private static final String SIZE_3 =
      """
      old 1
      KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

      %s
      3
      RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

      — %s UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
      """
          .formatted(ORIGIN, ORIGIN);

  private static final String SIZE_5 =
      """
      old 1
      KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      +fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
      KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

      %s
      5
      QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

      — %s UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
      """
          .formatted(ORIGIN, ORIGIN);

  private final Witness witness = new Witness(List.of(KEY), List.of(SIGSUM));

  @Test
  void publishedRequestsAreAnsweredAsThereStated() {
    Checkpoint one = cosigned(SIZE_1, null);

    assertThat(cosigned(SIZE_3, one).size()).isEqualTo(3);
    assertThat(cosigned(SIZE_5, one).size()).isEqualTo(5);
    assertRefused(SIZE_3.replace("WVrx6go=", "WVrx6gw="), one, Refusal.NOT_SIGNED, 403);
    assertRefused(SIZE_3.replace("e562\n3", "e563\n3"), one, Refusal.UNKNOWN_LOG, 404);
    assertRefused(SIZE_3.replaceAll("(?m)^KgEA.*\n|^KgIA.*\n", ""), one, Refusal.INCONSISTENT, 422);
    assertRefused(
        SIZE_3.replace(
            "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAA="),
        one,
        Refusal.INCONSISTENT,
        422);
  }

  @Test
  void theSizeThatIsKnownIsToldWhereTheOldSizeIsAnother() {
    assertThat(answer(SIZE_3, null)).isEqualTo(new Conflict(0)).extracting("status").isEqualTo(409);
    Checkpoint five = cosigned(SIZE_5, cosigned(SIZE_1, null));
    assertThat(answer(SIZE_3, five)).isEqualTo(new Conflict(5));
    assertThat(answer(SIZE_1, five)).isEqualTo(new Conflict(5));
  }

  @Test
  void anOldSizeAboveTheCheckpointsIsABadRequest() {
    assertRefused(SIZE_3.replace("old 1", "old 4"), null, Refusal.BAD_REQUEST, 400);
  }

  @Test
  void aProofFromNothingMustBeEmpty() {
    assertRefused(
        SIZE_1.replace("old 0\n", "old 0\n" + TreeHash.EMPTY_ROOT.toBase64() + "\n"),
        null,
        Refusal.INCONSISTENT,
        422);
  }

  @Test
  void theSameCheckpointIsCosignedAgainAndAnotherOfItsSizeIsNot() {
    Checkpoint one = cosigned(SIZE_1, null);
    String again = SIZE_1.replace("old 0", "old 1");

    assertThat(cosigned(again, one)).isEqualTo(one);
    assertRefused(
        again, Checkpoint.of(ORIGIN, 1, TreeHash.ofLeaf(new byte[0])), Refusal.INCONSISTENT, 422);
  }

  @Test
  void anEmptyTreeMustHaveTheEmptyRoot() {
    Witness mine = new Witness(List.of(KEY), List.of(MemoryLog.KEY.verifier()));
    SignedCheckpoint empty =
        SignedCheckpoint.sign(
            Checkpoint.of("log.example", 0, TreeHash.EMPTY_ROOT), MemoryLog.KEY, MemoryLog.NOON);
    SignedCheckpoint wrong =
        SignedCheckpoint.sign(
            Checkpoint.of("log.example", 0, TreeHash.ofLeaf(new byte[0])),
            MemoryLog.KEY,
            MemoryLog.NOON);

    assertThat(mine.answer(new AddCheckpoint(0, List.of(), empty), null, MemoryLog.NOON).status())
        .isEqualTo(200);
    assertThat(mine.answer(new AddCheckpoint(0, List.of(), wrong), null, MemoryLog.NOON).status())
        .isEqualTo(422);
  }

  @ParameterizedTest
  @EnumSource(
      value = SignatureType.class,
      names = {"COSIGNATURE_ED25519", "COSIGNATURE_ML_DSA_44"})
  void cosignaturesAreThoseOfTheWitnessAndStateTheTime(SignatureType type) {
    SigningKey key = MemoryLog.key("witness.example", type, 3);
    Witness mine = new Witness(List.of(key), List.of(SIGSUM));

    WitnessAnswer answer = mine.answer(request(SIZE_1), null, MemoryLog.NOON);

    assertThat(answer)
        .isInstanceOfSatisfying(
            Cosigned.class,
            cosigned -> {
              assertThat(cosigned.cosignatures()).hasSize(1);
              assertThat(cosigned.latest().note().signatures()).hasSize(2);
              assertThat(
                      cosigned.latest().note().verifiedBy(List.of(key.verifier(), SIGSUM)).stream()
                          .map(verified -> verified.timeSeconds()))
                  .containsExactly(
                      OptionalLong.empty(), OptionalLong.of(MemoryLog.NOON.getEpochSecond()));
            });
  }

  @Test
  void signaturesOfStrangersAreNotKept() {
    String twice = SIZE_1 + "— stranger.example x08go/ZJkuBS\n";

    assertThat(answer(twice, null))
        .isInstanceOfSatisfying(
            Cosigned.class,
            cosigned ->
                assertThat(cosigned.latest().note().signatures())
                    .extracting(Object::toString)
                    .containsExactly(SIGSUM.toString(), KEY.toString()));
  }

  @Test
  void aGrowingLogIsFollowedStepByStepAndARolledBackOneIsNot() {
    Witness mine = new Witness(List.of(KEY), List.of(MemoryLog.KEY.verifier()));
    MemoryLog log = new MemoryLog();
    Checkpoint latest = null;
    for (int step = 0; step < 6; step++) {
      log.append(111);
      SignedCheckpoint signed = log.publish(MemoryLog.KEY);
      long old = latest == null ? 0 : latest.size();
      AddCheckpoint request =
          AddCheckpoint.parse(
              new AddCheckpoint(
                      old,
                      ConsistencyProof.create(
                              old,
                              signed.checkpoint().size(),
                              new TileReader(log, signed.checkpoint().size()))
                          .path(),
                      signed)
                  .toBytes());
      WitnessAnswer answer = mine.answer(request, latest, MemoryLog.NOON);
      assertThat(answer).isInstanceOf(Cosigned.class);
      latest = ((Cosigned) answer).latest().checkpoint();
    }

    SignedCheckpoint old = MemoryLog.of(222).publish(MemoryLog.KEY);
    assertThat(mine.answer(new AddCheckpoint(222, List.of(), old), latest, MemoryLog.NOON))
        .isEqualTo(new Conflict(666));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "old 0",
        "old 0\n",
        "old 0\n\n",
        "old -1\n\n",
        "old 00\n\n",
        "OLD 0\n\n",
        "old 0\nAAAA\n\n",
        "old 0\n\n\n"
      })
  void malformedRequestsAreRefused(String head) {
    String note = SIZE_1.substring(SIZE_1.indexOf("\n\n") + 2);
    String body = head.endsWith("\n\n") && !head.equals("old 0\n\n") ? head + note : head;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddCheckpoint.parse(body.getBytes(UTF_8)));
  }

  @Test
  void requestsAreReadToTheirLimits() {
    SignedCheckpoint checkpoint = request(SIZE_1).checkpoint();
    new AddCheckpoint(0, Collections.nCopies(63, TreeHash.EMPTY_ROOT), checkpoint);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new AddCheckpoint(0, Collections.nCopies(64, TreeHash.EMPTY_ROOT), checkpoint))
        .withMessage("proof: 64 hashes (expected: at most 63)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddCheckpoint.parse(new byte[AddCheckpoint.BYTES_MAX + 1]))
        .withMessage("request: 131073 bytes (expected: at most 131072)");
  }

  @Test
  void aKeyWithoutTimeCannotCosign() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Witness(List.of(MemoryLog.KEY), List.of(SIGSUM)))
        .withMessageContaining("type 0x01 (expected: 0x04 or 0x06)");
  }

  private Checkpoint cosigned(String body, @Nullable Checkpoint latest) {
    WitnessAnswer answer = answer(body, latest);
    assertThat(answer).isInstanceOf(Cosigned.class);
    assertThat(answer.status()).isEqualTo(200);
    return ((Cosigned) answer).latest().checkpoint();
  }

  private void assertRefused(
      String body, @Nullable Checkpoint latest, Refusal refusal, int status) {
    WitnessAnswer answer = answer(body, latest);
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    assertThat(answer.status()).isEqualTo(status);
  }

  private WitnessAnswer answer(String body, @Nullable Checkpoint latest) {
    return witness.answer(request(body), latest, MemoryLog.NOON);
  }

  private static AddCheckpoint request(String body) {
    return AddCheckpoint.parse(body.getBytes(UTF_8));
  }
}
