package dev.slipway.platform.oidc;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Speaks to a provider: bounded in bytes and time, and never led elsewhere. Thread-safe. */
final class ProviderHttp implements AutoCloseable {
  static final int ANSWER_BYTES_MAX = 256 << 10;
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  private final Duration answerMax;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_MAX)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param answerMax longest time for one answer, its body included
   */
  ProviderHttp(Duration answerMax) {
    this.answerMax = answerMax;
  }

  /**
   * @throws IOException if it answers otherwise than with 200, with whom and why in the message
   */
  byte[] get(URI address) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        send(HttpRequest.newBuilder(address).header("Accept", "application/json").build());
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s answers %d (expected: 200; redirects are not followed)"
              .formatted(address, response.statusCode()));
    }
    return response.body();
  }

  /**
   * Posts a form.
   *
   * @param authorization the header's value; empty for none
   * @throws IOException if it does not answer, with whom and why in the message
   */
  HttpResponse<byte[]> post(URI address, Map<String, String> form, String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return send(request.build());
  }

  /** As {@code application/x-www-form-urlencoded}, in the order of the map. */
  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      return answer.get(answerMax.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(
          "%s does not answer within %d ms".formatted(request.uri(), answerMax.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IOException("%s does not answer: %s".formatted(request.uri(), e.getCause()), e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
