package dev.slipway.platform.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public OidcSettings {
    if (!isTrustworthy(uri(issuer), null)) {
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
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /** Whether keys may be fetched there. Nobody on the way may put in others. */
  boolean isKeyAddress(URI address) {
    return isTrustworthy(address, uri(issuer));
  }

  /**
   * @param from whoever leads there; only the loopback leads to the loopback
   */
  private static boolean isTrustworthy(@Nullable URI address, @Nullable URI from) {
    if (address == null
        || address.getHost() == null
        || address.getUserInfo() != null
        || address.getFragment() != null
        || (from == null && address.getQuery() != null)) {
      return false;
    }
    if ("https".equals(address.getScheme())) {
      return true;
    }
    return "http".equals(address.getScheme())
        && LOOPBACK.contains(address.getHost())
        && (from == null || "http".equals(from.getScheme()));
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
