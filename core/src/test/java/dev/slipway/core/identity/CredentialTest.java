package dev.slipway.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Credential.Basic;
import dev.slipway.core.identity.Credential.Bearer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void bothFormsOfTheHeaderAreRead() {
    assertThat(Credential.parse("Bearer slp_x")).isEqualTo(new Bearer("slp_x"));
    assertThat(Credential.parse("bearer  slp_x ")).isEqualTo(new Bearer("slp_x"));
    assertThat(Credential.parse(basic("ana:slp_x:y"))).isEqualTo(new Basic("ana", "slp_x:y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "Bearer", "Bearer ", "slp_x", "Digest a=b", "Basic ?", "Basic YQ=="})
  void otherFormsAreRefused(String header) {
    assertThatThrownBy(() -> Credential.parse(header))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
  }

  @Property
  void noHeaderBreaksTheReaderOrIsRepeated(@ForAll String header) {
    try {
      Credential.parse(header);
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
      if (header.length() > 12) {
        assertThat(e.getMessage()).doesNotContain(header);
      }
    }
  }

  @Test
  void noTextShowsTheSecret() {
    TokenSecret secret = TokenSecret.of(TokenSecret.TOKEN, new byte[TokenSecret.RANDOM_BYTES]);
    assertThat(secret.text()).hasSize(4 + 43).startsWith("slp_");
    assertThat(secret.toString()).doesNotContain("AAAA");
    assertThat(new Bearer(secret.text()).toString()).doesNotContain("AAAA");
    assertThat(new Basic("ana", secret.text()).toString()).contains("ana").doesNotContain("AAAA");
  }

  @Test
  void theHashIsSha256() {
    // FIPS 180-2, appendix B.1.
    assertThat(TokenSecret.hash("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
