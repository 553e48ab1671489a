package dev.slipway.platform.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

/** What a provider says of itself, OpenID Connect Discovery 1.0 section 3. */
final class Discovery {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN_MAX = 200;

  private final OidcSettings settings;
  private final JsonNode document;

  private Discovery(OidcSettings settings, JsonNode document) {
    this.settings = settings;
    this.document = document;
  }

  /**
   * @throws IOException if it does not answer, or names another issuer
   */
  static Discovery of(OidcSettings settings, ProviderHttp http)
      throws IOException, InterruptedException {
    JsonNode document = JSON.readTree(http.get(settings.discovery()));
    String issuer = document.path("issuer").asText();
    if (!issuer.equals(settings.issuer())) {
      throw new IOException(
          "%s names the issuer '%s' (expected: '%s')"
              .formatted(settings.discovery(), shortened(issuer), settings.issuer()));
    }
    return new Discovery(settings, document);
  }

  /**
   * @param member such as {@code jwks_uri}
   * @throws IOException if it is none that can be trusted
   */
  URI endpoint(String member) throws IOException {
    String text = document.path(member).asText();
    try {
      URI address = new URI(text);
      if (settings.isEndpoint(address)) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Refused as every other that is none.
    }
    throw new IOException("%s: '%s' (expected: an https URL)".formatted(member, shortened(text)));
  }

  private static String shortened(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
  }
}
