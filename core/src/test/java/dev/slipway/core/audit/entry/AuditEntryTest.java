package dev.slipway.core.audit.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.model.ArtifactDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditEntryTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final byte[] SALT = new byte[Commitment.SALT_BYTES];
  private static final Subject FRAUD = new Subject("deployment", "fraud");

  @Test
  void anEntryIsOneLineOfCanonicalJson() {
    AuditEntry entry =
        AuditEntry.of(
                new Actor.Person(Commitment.of(SALT, "ada@example.com")),
                "deployment.changed",
                FRAUD,
                Instant.parse("2026-11-25T12:00:00.123456Z"))
            .withStates(null, ContentDigest.of("after".getBytes(UTF_8)))
            .decidedOn(
                ContentDigest.of("policy".getBytes(UTF_8)),
                List.of(ContentDigest.of("report".getBytes(UTF_8))))
            .because(new Reason.Stated("weekly retraining"));

    // The digests are those of sha256sum, the commitment that of openssl dgst -sha256 -mac HMAC.
    assertThat(new String(entry.toBytes(), UTF_8))
        .isEqualTo(
            "{\"action\":\"deployment.changed\",\"actor\":{\"commitment\":\"hmac-sha256:"
                + "d81616e4fa6f72dc5b5bcc747198d188e1481357ad12eaa77ab07e9948eb4394"
                + "\",\"kind\":\"person\"},\"after\":\"sha256:"
                + "f39592393ef0859cb196a52693d2cea00fb2df784b3c04ae54aa7cadb8e562f8"
                + "\",\"evidence\":[\"sha256:"
                + "845e91831319e89c4d656bdb80c278ac09a7230d61e5dfd2e1b1fbb436ac8917"
                + "\"],\"policy\":\"sha256:"
                + "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
                + "\",\"reason\":\"weekly retraining\",\"subject\":{\"kind\":\"deployment\","
                + "\"name\":\"fraud\"},\"time\":\"2026-11-25T12:00:00.123Z\",\"version\":1}");
  }

  static Stream<AuditEntry> entries() {
    AuditEntry plain = AuditEntry.of(new Actor.LocalCaller(), "model.registered", FRAUD, NOON);
    ContentDigest digest = ContentDigest.of(new ArtifactDigest("sha256:" + "a".repeat(64)));
    return Stream.of(
        plain,
        plain.withStates(digest, null),
        plain.decidedOn(digest, List.of()),
        plain.because(new Reason.Committed(Commitment.of(SALT, "the customer called"))),
        AuditEntry.of(new Actor.ServiceAccount("ci"), "gate.run", FRAUD, NOON),
        AuditEntry.of(new Actor.Component("rollout"), "rollout.rolled-back", FRAUD, NOON),
        AuditEntry.of(
            new Actor.Person(Commitment.of(SALT, "ada")),
            "a.b",
            new Subject("model \"x\"", "naïve 😂"),
            Instant.parse("9999-12-31T23:59:59.999Z")));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyEntryIsReadBackAsItWasWritten(AuditEntry entry) {
    assertThat(AuditEntry.parse(entry.toBytes())).isEqualTo(entry);
  }

  @Test
  void largestEntryFits() {
    List<ContentDigest> evidence =
        IntStream.range(0, AuditEntry.EVIDENCE_MAX)
            .mapToObj(i -> ContentDigest.of(new byte[] {(byte) i, (byte) (i >> 8)}))
            .toList();
    // A control character takes six bytes, the most that any takes.
    AuditEntry largest =
        AuditEntry.of(
                new Actor.ServiceAccount("€".repeat(AuditEntry.NAME_CHARACTERS_MAX)),
                "a.b",
                new Subject(
                    "€".repeat(AuditEntry.NAME_CHARACTERS_MAX),
                    "€".repeat(AuditEntry.NAME_CHARACTERS_MAX)),
                NOON)
            .withStates(evidence.get(0), evidence.get(1))
            .decidedOn(evidence.get(2), evidence)
            .because(new Reason.Stated("\u0001".repeat(Reason.CHARACTERS_MAX)));

    assertThat(largest.toBytes().length).isBetween(AuditEntry.BYTES_MAX / 2, AuditEntry.BYTES_MAX);
    assertThat(AuditEntry.parse(largest.toBytes())).isEqualTo(largest);
  }

  @Test
  void onePieceOfEvidenceTooManyIsRefused() {
    List<ContentDigest> evidence = new ArrayList<>();
    for (int i = 0; i <= AuditEntry.EVIDENCE_MAX; i++) {
      evidence.add(ContentDigest.of(new byte[] {(byte) i, (byte) (i >> 8)}));
    }
    AuditEntry entry = AuditEntry.of(new Actor.LocalCaller(), "a.b", FRAUD, NOON);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry.decidedOn(evidence.getFirst(), evidence))
        .withMessage("evidence: 501 digests (expected: at most 500, each once)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                entry.decidedOn(
                    evidence.getFirst(), List.of(evidence.getFirst(), evidence.getFirst())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "deployment", "Deployment.changed", "a.", ".a", "a b.c", "a..b", "a.b\n"})
  void actionsThatAreNotDottedWordsAreRefused(String action) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuditEntry.of(new Actor.LocalCaller(), action, FRAUD, NOON))
        .withMessageStartingWith("action: '" + action + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\"},\"subject\":{\"kind\":\"k\","
            + "\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00.000Z\",\"version\":2}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\"},\"subject\":{\"kind\":\"k\","
            + "\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00Z\",\"version\":1}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\"},\"subject\":{\"kind\":\"k\","
            + "\"name\":\"n\"},\"time\":\"2026-02-30T12:00:00.000Z\",\"version\":1}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\",\"name\":\"x\"},\"subject\":"
            + "{\"kind\":\"k\",\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00.000Z\","
            + "\"version\":1}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\"},\"extra\":1,\"subject\":"
            + "{\"kind\":\"k\",\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00.000Z\","
            + "\"version\":1}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"god\"},\"subject\":{\"kind\":\"k\","
            + "\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00.000Z\",\"version\":1}",
        "{\"action\":\"a.b\",\"actor\":{\"kind\":\"local-caller\"},\"evidence\":[],\"subject\":"
            + "{\"kind\":\"k\",\"name\":\"n\"},\"time\":\"2026-11-25T12:00:00.000Z\","
            + "\"version\":1}"
      })
  void whatNoEntryWouldWriteIsRefused(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> AuditEntry.parse(json.getBytes(UTF_8)));
  }

  @Test
  void anEntryThatIsNotCanonicalIsRefused() {
    byte[] bytes = entries().findFirst().orElseThrow().toBytes();
    String spaced = new String(bytes, UTF_8).replaceFirst(",", ", ");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuditEntry.parse(spaced.getBytes(UTF_8)))
        .withMessageContaining("not in canonical form");
  }

  @Test
  void commitmentOpensOnlyWithItsSaltAndItsData() {
    Commitment commitment = Commitment.of(SALT, "ada");
    byte[] otherSalt = SALT.clone();
    otherSalt[31] = 1;

    assertThat(commitment.opens(SALT, "ada")).isTrue();
    assertThat(commitment.opens(SALT, "adb")).isFalse();
    assertThat(commitment.opens(otherSalt, "ada")).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Commitment.of(new byte[8], "ada"))
        .withMessage("salt: 8 bytes (expected: 32)");
  }
}
