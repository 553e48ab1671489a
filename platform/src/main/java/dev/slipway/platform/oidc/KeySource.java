package dev.slipway.platform.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches the keys of a provider: bounded in bytes and time, and never led elsewhere. */
final class KeySource implements AutoCloseable {
  static final int ANSWER_BYTES_MAX = 256 << 10;
  static final int KEYS_MAX = 100;
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OidcSettings settings;
  private final Duration answerMax;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_MAX)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param answerMax longest time for one answer, its body included
   */
  KeySource(OidcSettings settings, Duration answerMax) {
    this.settings = settings;
    this.answerMax = answerMax;
  }

  /**
   * The keys by their ids.
   *
   * @throws IOException if the provider does not answer as one, with whom and why in the message
   */
  Map<String, ProviderKey> fetch() throws IOException, InterruptedException {
    JsonNode discovery = JSON.readTree(get(settings.discovery()));
    String issuer = discovery.path("issuer").asText();
    if (!issuer.equals(settings.issuer())) {
      throw new IOException(
          "%s names the issuer '%s' (expected: '%s')"
              .formatted(settings.discovery(), shortened(issuer), settings.issuer()));
    }
    return keys(get(keyAddress(discovery.path("jwks_uri").asText())));
  }

  private URI keyAddress(String text) throws IOException {
    try {
      URI address = new URI(text);
      if (settings.isKeyAddress(address)) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Refused as every other that is none.
    }
    throw new IOException("jwks_uri: '%s' (expected: an https URL)".formatted(shortened(text)));
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

  private byte[] get(URI address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      HttpResponse<byte[]> response = answer.get(answerMax.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(
            "%s answers %d (expected: 200; redirects are not followed)"
                .formatted(address, response.statusCode()));
      }
      return response.body();
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(
          "%s does not answer within %d ms".formatted(address, answerMax.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IOException("%s does not answer: %s".formatted(address, e.getCause()), e);
    }
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
