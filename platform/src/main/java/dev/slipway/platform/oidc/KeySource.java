package dev.slipway.platform.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;

/** Fetches the keys of a provider. */
record KeySource(OidcSettings settings, ProviderHttp http) {
  static final int KEYS_MAX = 100;

  /**
   * The keys by their ids.
   *
   * @throws IOException if the provider does not answer as one, with whom and why in the message
   */
  Map<String, ProviderKey> fetch() throws IOException, InterruptedException {
    return keys(http.get(Discovery.of(settings, http).endpoint("jwks_uri")));
  }

  private static Map<String, ProviderKey> keys(byte[] answer) throws IOException {
    Map<String, ProviderKey> keys = new HashMap<>();
    try {
      JWKSet set = JWKSet.parse(new String(answer, StandardCharsets.UTF_8));
      if (set.size() > KEYS_MAX) {
        throw new IOException("keys: %d (expected: at most %d)".formatted(set.size(), KEYS_MAX));
      }
      for (JWK jwk : set.getKeys()) {
        if (jwk.getKeyID() != null) {
          ProviderKey.of(jwk).ifPresent(key -> keys.put(jwk.getKeyID(), key));
        }
      }
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw new IOException("keys: not readable: " + e.getMessage(), e);
    }
    if (keys.isEmpty()) {
      throw new IOException(
          "keys: none with a kid (expected: RSA of 2048 bits or more, P-256 or Ed25519, for"
              + " signatures)");
    }
    return keys;
  }
}
