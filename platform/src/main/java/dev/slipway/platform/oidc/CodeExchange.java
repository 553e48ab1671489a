package dev.slipway.platform.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.oidc.SignInSettings.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Exchanges the code that a browser brought for the ID token, RFC 6749 section 4.1.3. */
record CodeExchange(Browser browser, ProviderHttp http) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECRET_BYTES_MAX = 4_096;
  private static final int SHOWN_MAX = 100;

  /**
   * @throws SlipwayException CONFIGURATION_INVALID if there is a file for the secret and it cannot
   *     be read
   */
  void requireSecret() {
    Path file = browser.secretFile();
    if (file != null) {
      try {
        String ignored = secret(file);
      } catch (IOException e) {
        throw new SlipwayException(
            ErrorCode.CONFIGURATION_INVALID,
            "oidc-client-secret-file: %s cannot be read: %s".formatted(file, e.getMessage()),
            e);
      }
    }
  }

  /**
   * @throws SlipwayException UNAUTHENTICATED if the provider does not accept the code; INTERNAL if
   *     it does not accept this client
   * @throws IOException if the provider does not answer as one
   */
  String idToken(URI endpoint, String code, String verifier)
      throws IOException, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", browser.callback().toString());
    form.put("code_verifier", verifier);
    HttpResponse<byte[]> response = http.post(endpoint, authenticated(form), authorization());
    JsonNode answer = json(response.body());
    if (response.statusCode() == 200 && answer.path("id_token").isTextual()) {
      return answer.path("id_token").textValue();
    }
    String error = plain(answer.path("error").asText());
    switch (error) {
      case "invalid_grant", "access_denied" ->
          throw new SlipwayException(
              ErrorCode.UNAUTHENTICATED,
              "sign-in: the provider does not accept the code: " + error);
      case "invalid_client", "unauthorized_client" ->
          throw new SlipwayException(
              ErrorCode.INTERNAL,
              "the provider does not accept oidc-client-id and oidc-client-secret-file: " + error);
      default ->
          throw new IOException(
              "%s answers %d %s (expected: 200 with an id_token)"
                  .formatted(endpoint, response.statusCode(), error));
    }
  }

  private Map<String, String> authenticated(Map<String, String> form) {
    if (browser.secretFile() == null) {
      form.put("client_id", browser.client());
    }
    return form;
  }

  /** Read anew each time, so that a secret can be changed without a restart. */
  private String authorization() {
    Path file = browser.secretFile();
    if (file == null) {
      return "";
    }
    try {
      String pair =
          ProviderHttp.encoded(browser.client()) + ":" + ProviderHttp.encoded(secret(file));
      return "Basic "
          + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL, "oidc-client-secret-file: cannot be read any more: " + e, e);
    }
  }

  private static String secret(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      String text = new String(bytes.readNBytes(SECRET_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw new IOException("it is empty");
      }
      return text;
    }
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IOException("it answers with something else than JSON", e);
    }
  }

  /** What others wrote, without what could pass for a line or markup of ours. */
  static String plain(String text) {
    String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) : text;
    return shown.replaceAll("[^A-Za-z0-9_. -]", "?");
  }
}
