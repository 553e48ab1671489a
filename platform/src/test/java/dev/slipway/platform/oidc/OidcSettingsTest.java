package dev.slipway.platform.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.identity.Role;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OidcSettingsTest {
  private static OidcSettings of(String issuer) {
    return new OidcSettings(
        issuer,
        "slipway",
        "sub",
        ClaimedRoles.parse("roles", ""),
        Duration.ofSeconds(30),
        KeyPace.DEFAULT);
  }

  @Test
  void anIssuerIsReachedInTheClearOnTheLoopbackOnly() {
    assertThat(of("https://id.example/realms/ml").discovery())
        .isEqualTo(URI.create("https://id.example/realms/ml/.well-known/openid-configuration"));
    assertThat(of("https://id.example/").discovery())
        .isEqualTo(URI.create("https://id.example/.well-known/openid-configuration"));
    assertThat(of("http://localhost:8081/realms/ml").issuer()).startsWith("http:");
    for (String issuer :
        List.of(
            "http://id.example",
            "http://127.0.0.1.evil.example",
            "file:///etc/passwd",
            "https://user:secret@id.example",
            "https://id.example?x=1",
            "id.example",
            "https://",
            "")) {
      assertThatThrownBy(() -> of(issuer)).as(issuer).hasMessageStartingWith("oidc-issuer: ");
    }
  }

  @Test
  void aProviderElsewhereDoesNotLeadToTheLoopback() {
    OidcSettings elsewhere = of("https://id.example");
    assertThat(elsewhere.isEndpoint(URI.create("https://keys.example/v3"))).isTrue();
    assertThat(elsewhere.isEndpoint(URI.create("http://127.0.0.1:8080/keys"))).isFalse();
    assertThat(elsewhere.isEndpoint(URI.create("http://keys.example/"))).isFalse();
    assertThat(elsewhere.isEndpoint(URI.create("file:///keys"))).isFalse();
    assertThat(of("http://localhost:1").isEndpoint(URI.create("http://localhost:1/k"))).isTrue();
  }

  @Test
  void rolesAreFoundByTheWholeNameFirstAndThenByItsParts() {
    ClaimedRoles plain = ClaimedRoles.parse("https://x.example/roles", "a=developer, b = viewer");
    assertThat(plain.of(Map.of("https://x.example/roles", List.of("a", "b", 3))))
        .containsExactlyInAnyOrder(Role.DEVELOPER, Role.VIEWER);
    ClaimedRoles nested = ClaimedRoles.parse("realm_access.roles", "a=developer,a=approver");
    assertThat(nested.of(Map.of("realm_access", Map.of("roles", "a"))))
        .containsExactlyInAnyOrder(Role.DEVELOPER, Role.APPROVER);
    assertThat(nested.of(Map.of("realm_access", "a"))).isEmpty();
    assertThat(nested.of(Map.of())).isEmpty();
    for (String bad : List.of("a", "a=king", "=developer", "a=developer,", ",")) {
      assertThatThrownBy(() -> ClaimedRoles.parse("roles", bad))
          .as(bad)
          .hasMessageStartingWith("oidc-roles: ");
    }
  }
}
