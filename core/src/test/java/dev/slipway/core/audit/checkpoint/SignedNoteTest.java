package dev.slipway.core.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, texts and signatures are those of golang.org/x/mod/sumdb/note's tests. */
class SignedNoteTest {
  private static final String PETER_PRIVATE =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String PETER_PUBLIC =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String ENOCH_PUBLIC =
      "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
  private static final String TEXT =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n";
  private static final String PETER_LINE =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
          + "b6KE6RyyBwJnAM=\n";
  private static final String ENOCH_LINE =
      "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
          + "WWd1RvMc+QQ=\n";
  private static final VerifierKey PETER = VerifierKey.parse(PETER_PUBLIC);
  private static final VerifierKey ENOCH = VerifierKey.parse(ENOCH_PUBLIC);

  @Test
  void signingGivesThePublishedBytes() {
    SigningKey key = SigningKey.parse(PETER_PRIVATE);

    SignedNote note = new SignedNote(TEXT, List.of(key.sign(TEXT, Instant.EPOCH)));

    assertThat(new String(note.toBytes(), UTF_8)).isEqualTo(TEXT + "\n" + PETER_LINE);
    assertThat(key.verifier()).isEqualTo(PETER);
    assertThat(key.text()).isEqualTo(PETER_PRIVATE);
    assertThat(key).hasToString("PeterNeumann+c74f20a3");
  }

  /** c2sp.org/signed-note, the example of verifier keys. */
  @Test
  void exampleOfTheSpecificationIsVerified() {
    VerifierKey key =
        VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    SignedNote note =
        note(
            "This is an example message.\n\n"
                + "— example.com/foo"
                + " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");

    assertThat(note.verifiedBy(List.of(key))).hasSize(1);
  }

  @Test
  void onlyKnownKeysCount() {
    SignedNote note = note(TEXT + "\n" + PETER_LINE + ENOCH_LINE);

    assertThat(keys(note, PETER)).containsExactly(PETER);
    assertThat(keys(note, ENOCH, PETER)).containsExactly(PETER, ENOCH);
    assertThat(keys(note)).isEmpty();
  }

  @Test
  void aKeyThatSignedTwiceCountsOnce() {
    assertThat(keys(note(TEXT + "\n" + PETER_LINE + PETER_LINE), PETER)).containsExactly(PETER);
  }

  @Test
  void anInvalidSignatureOfAKnownKeySpoilsTheNote() {
    String damaged = PETER_LINE.substring(0, 60) + "ABCD" + PETER_LINE.substring(60);
    SignedNote note = note(TEXT + "\n" + damaged + ENOCH_LINE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> note.verifiedBy(List.of(PETER)))
        .withMessage("note: the signature of PeterNeumann+c74f20a3 is not valid");
    assertThat(keys(note, ENOCH)).containsExactly(ENOCH);
  }

  @Test
  void aChangedTextIsNotVerified() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> note(TEXT.replace("your", "our") + "\n" + PETER_LINE).verifiedBy(List.of(PETER)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n— PeterNeumann x08go/ZJ",
        "text\n\nUnexpected line.\n",
        "text\n\n— PeterNeumann\n",
        "text\n\n— x08go/ZJkuBS\n",
        "text\n\n— Bad Name x08go/ZJkuBS\n",
        "text\n\n— a+b x08go/ZJkuBS\n",
        "text\n\n— a\u00a0b x08go/ZJkuBS\n",
        "text\n\n— PeterNeumann x08goA==\n",
        "text\n\n— PeterNeumann x08go/ZJku\n",
        "text\n\n— PeterNeumann x08go/ZJkuB=\n",
        "\u0001text\n\n— PeterNeumann x08go/ZJkuBS\n",
        "te\txt\n\n— PeterNeumann x08go/ZJkuBS\n",
        "text\n\n- PeterNeumann x08go/ZJkuBS\n"
      })
  void malformedNotesAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> note(text));
  }

  @Test
  void aHundredSignaturesAreReadAndOneMoreIsNot() {
    String other = "— Other x08go/ZJkuBS\n";
    assertThat(note(TEXT + "\n" + other.repeat(100)).signatures()).hasSize(100);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> note(TEXT + "\n" + other.repeat(101)))
        .withMessage("note: more signatures (expected: at most 100)");
  }

  @Test
  void emptyLinesMayBePartOfTheText() {
    SignedNote note = note("a\n\nb\n\n— Other x08go/ZJkuBS\n");

    assertThat(note.text()).isEqualTo("a\n\nb\n");
    assertThat(new String(note.toBytes(), UTF_8)).isEqualTo("a\n\nb\n\n— Other x08go/ZJkuBS\n");
  }

  @Test
  void noMangledPublicKeyIsAccepted() {
    for (String mangled : mangled(PETER_PUBLIC)) {
      assertThatIllegalArgumentException().as(mangled).isThrownBy(() -> VerifierKey.parse(mangled));
    }
  }

  @Test
  void noMangledPrivateKeyIsAcceptedAndNoneIsShown() {
    String secret = PETER_PRIVATE.substring(PETER_PRIVATE.length() - 20);
    for (String mangled : mangled(PETER_PRIVATE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SigningKey.parse(mangled))
          .satisfies(
              e -> {
                assertThat(e).hasNoCause();
                assertThat(e.getMessage()).doesNotContain(secret.substring(0, 10));
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "bananas.sigstore.dev+12344556",
        "rekor.sigstore.dev+12345678+AwEB"
      })
  void keysOfOtherLengthsTypesAndIdsAreRefused(String vkey) {
    assertThatIllegalArgumentException().isThrownBy(() -> VerifierKey.parse(vkey));
  }

  /** Every substring and every key with one character changed, as Go's tests do. */
  private static Set<String> mangled(String key) {
    Set<String> mangled = new HashSet<>();
    for (int i = 0; i <= key.length(); i++) {
      for (int j = i; j <= key.length(); j++) {
        mangled.add(key.substring(i, j));
      }
    }
    for (int i = 0; i < key.length(); i++) {
      mangled.add(key.substring(0, i) + (char) (key.charAt(i) + 1) + key.substring(i + 1));
    }
    mangled.remove(key);
    return mangled;
  }

  private static List<VerifierKey> keys(SignedNote note, VerifierKey... known) {
    return note.verifiedBy(List.of(known)).stream().map(SignedNote.Verified::key).toList();
  }

  private static SignedNote note(String text) {
    return SignedNote.parse(text.getBytes(UTF_8));
  }
}
