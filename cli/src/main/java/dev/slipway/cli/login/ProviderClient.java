package dev.slipway.cli.login;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.cli.output.Json;
import dev.slipway.core.identity.ProviderUrl;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Speaks to an OpenID provider: bounded in bytes and time, and never led elsewhere. */
public final class ProviderClient implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 256 << 10;
  private static final int SHOWN_MAX = 200;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * An answer.
   *
   * @param body missing if it is not JSON
   */
  record Reply(int status, JsonNode body) {
    /** The error that it names, RFC 6749 section 5.2; empty if it names none. */
    String error() {
      return plain(body.path("error").asText(""));
    }

    /** The error and its description, for a person. */
    String errorText() {
      String description = plain(body.path("error_description").asText(""));
      return (error().isEmpty() ? "status " + status : error())
          + (description.isEmpty() ? "" : ": " + description);
    }
  }

  /**
   * What the provider says of itself.
   *
   * @throws IOException if it does not answer as that provider
   */
  JsonNode discovery(String issuer) throws IOException {
    if (!ProviderUrl.isIssuer(issuer)) {
      throw new IOException(
          "issuer: '%s' (expected: an https URL, or http on the loopback)"
              .formatted(plain(issuer)));
    }
    URI address = ProviderUrl.discovery(issuer);
    Reply reply = send(HttpRequest.newBuilder(address).header("Accept", "application/json").GET());
    if (reply.status != 200) {
      throw new IOException("%s answers %d (expected: 200)".formatted(address, reply.status));
    }
    if (!reply.body.path("issuer").asText().equals(issuer)) {
      throw new IOException(
          "%s names the issuer '%s' (expected: '%s')"
              .formatted(address, plain(reply.body.path("issuer").asText()), issuer));
    }
    return reply.body;
  }

  /**
   * Where the provider answers.
   *
   * @param member such as {@code token_endpoint}
   * @throws IOException if it names none that can be trusted
   */
  static URI endpoint(JsonNode discovery, String member) throws IOException {
    String text = discovery.path(member).asText("");
    return ProviderUrl.uri(text)
        .filter(address -> ProviderUrl.isEndpointOf(discovery.path("issuer").asText(""), address))
        .orElseThrow(
            () ->
                new IOException(
                    "%s: '%s' (expected: an https URL)".formatted(member, plain(text))));
  }

  /**
   * @throws IOException if it does not answer
   */
  Reply post(URI address, Map<String, String> form) throws IOException {
    return send(
        HttpRequest.newBuilder(address)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    form.entrySet().stream()
                        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                        .collect(Collectors.joining("&")))));
  }

  private Reply send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> response =
          http.send(
              request.timeout(TIMEOUT).build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
      return new Reply(response.statusCode(), json(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      return Json.mapper().readTree(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What others wrote, without what could drive a terminal. */
  static String plain(String text) {
    String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
    return shown.replaceAll("[^\\x20-\\x7e]", "?");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
