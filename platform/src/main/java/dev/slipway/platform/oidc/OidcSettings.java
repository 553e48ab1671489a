package dev.slipway.platform.oidc;

import dev.slipway.core.identity.ProviderUrl;
import java.net.URI;
import java.time.Duration;

/**
 * The one OpenID provider whose tokens are accepted, and what they mean here.
 *
 * @param issuer exactly as the provider names itself; https, or http on the loopback
 * @param audience that a token has to be for
 * @param nameClaim the claim that names the account
 * @param roles what a token brings beside the rights of its account
 * @param skew by how much the provider's clock may differ, {@code 0..60 s}
 * @param pace of fetching its keys
 */
public record OidcSettings(
    String issuer,
    String audience,
    String nameClaim,
    ClaimedRoles roles,
    Duration skew,
    KeyPace pace) {
  /** A longer one would keep tokens alive that have expired. */
  public static final Duration SKEW_MAX = Duration.ofSeconds(60);

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public OidcSettings {
    if (!ProviderUrl.isIssuer(issuer)) {
      throw new IllegalArgumentException(
          "oidc-issuer: '%s' (expected: an https URL without query and fragment)"
              .formatted(issuer));
    }
    if (audience.isBlank()) {
      throw new IllegalArgumentException(
          "oidc-audience: '' (expected: whom the tokens of oidc-issuer are for)");
    }
    if (nameClaim.isBlank()) {
      throw new IllegalArgumentException("oidc-name-claim: '' (expected: such as sub)");
    }
    if (skew.isNegative() || skew.compareTo(SKEW_MAX) > 0) {
      throw new IllegalArgumentException(
          "oidc-skew-seconds: %d (expected: 0..60)".formatted(skew.toSeconds()));
    }
  }

  /** Where the provider describes itself. */
  URI discovery() {
    return ProviderUrl.discovery(issuer);
  }

  /** Whether the provider may be asked there. Nobody on the way may put in other answers. */
  boolean isEndpoint(URI address) {
    return ProviderUrl.isEndpointOf(issuer, address);
  }
}
