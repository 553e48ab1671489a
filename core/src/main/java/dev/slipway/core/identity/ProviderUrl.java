package dev.slipway.core.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which addresses an OpenID provider may have, and may lead to. */
public final class ProviderUrl {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private ProviderUrl() {}

  /** Whether it can name a provider: https, or http on the loopback; no query and no fragment. */
  public static boolean isIssuer(String text) {
    return uri(text)
        .filter(address -> isTrustworthy(address, null) && address.getRawQuery() == null)
        .isPresent();
  }

  /**
   * Whether an issuer may lead there: to https, and on the loopback to http too.
   *
   * @param issuer {@link #isIssuer}
   */
  public static boolean isEndpointOf(String issuer, URI address) {
    return uri(issuer).filter(from -> isTrustworthy(address, from)).isPresent();
  }

  /** The address of a text; empty if it is none. */
  public static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Where a provider describes itself, OpenID Connect Discovery 1.0 section 4. */
  public static URI discovery(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  private static boolean isTrustworthy(URI address, @Nullable URI from) {
    if (address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawFragment() != null) {
      return false;
    }
    if ("https".equals(address.getScheme())) {
      return true;
    }
    return "http".equals(address.getScheme())
        && LOOPBACK.contains(address.getHost())
        && (from == null || "http".equals(from.getScheme()));
  }
}
