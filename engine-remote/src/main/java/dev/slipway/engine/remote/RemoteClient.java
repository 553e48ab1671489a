package dev.slipway.engine.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks HTTP to other servers, with a bound on time and size. Thread-safe. */
final class RemoteClient {
  /** Largest answer taken; more is an error of the server. */
  static final int RESPONSE_BYTES_MAX = 256 << 20;

  static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final int MESSAGE_LENGTH_MAX = 1_000;

  private static final JsonMapper JSON = mapper();

  private static JsonMapper mapper() {
    JsonMapper mapper = JsonMapper.builder().build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(RESPONSE_BYTES_MAX).build());
    return mapper;
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /**
   * @throws SlipwayException UPSTREAM_FAILED if there is no answer of status 200 in JSON
   */
  JsonNode get(URI uri, Duration timeout) {
    HttpResponse<byte[]> response =
        send(HttpRequest.newBuilder(uri).GET(), uri, timeout.toNanos(), Long.MAX_VALUE);
    if (response.statusCode() != 200) {
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED,
          "%s answered %d: %s".formatted(uri, response.statusCode(), message(response)));
    }
    return json(uri, response.body(), 0, response.body().length);
  }

  /**
   * Asks for an inference.
   *
   * @param jsonBytes length of the JSON in front of the tensors; the whole body if there are none
   * @param deadlineNanos as in {@code InferenceSession.infer}
   * @return an answer of status 200
   */
  HttpResponse<byte[]> post(
      URI uri, byte[] body, int jsonBytes, Duration timeout, long deadlineNanos) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (jsonBytes == body.length) {
      request.header("Content-Type", "application/json");
    } else {
      request
          .header("Content-Type", "application/octet-stream")
          .header(HEADER_LENGTH, Integer.toString(jsonBytes));
    }
    HttpResponse<byte[]> response = send(request, uri, timeout.toNanos(), deadlineNanos);
    if (response.statusCode() != 200) {
      throw refused(uri, response);
    }
    return response;
  }

  /** What the server refuses because of the request stays the caller's fault. */
  private static SlipwayException refused(URI uri, HttpResponse<byte[]> response) {
    String message = message(response);
    return switch (response.statusCode()) {
      case 400, 422 -> new SlipwayException(ErrorCode.VALUE_REJECTED, message);
      case 413 -> new SlipwayException(ErrorCode.PAYLOAD_TOO_LARGE, message);
      default ->
          new SlipwayException(
              ErrorCode.UPSTREAM_FAILED,
              "%s answered %d: %s".formatted(uri, response.statusCode(), message));
    };
  }

  private HttpResponse<byte[]> send(
      HttpRequest.Builder request, URI uri, long timeoutNanos, long deadlineNanos) {
    long wait = timeoutNanos;
    if (deadlineNanos != Long.MAX_VALUE) {
      long remaining = deadlineNanos - System.nanoTime();
      if (remaining <= 0) {
        throw deadlineExceeded(uri);
      }
      wait = Math.min(wait, remaining);
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), RESPONSE_BYTES_MAX));
    try {
      // The request's own timeout would end with the answer's headers; this one covers its body.
      return answer.get(wait, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      if (wait < timeoutNanos) {
        throw deadlineExceeded(uri);
      }
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED,
          "%s has not answered within %d ms"
              .formatted(uri, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)),
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "interrupted while waiting for " + uri, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED, "%s: %s".formatted(uri, reason(cause)), cause);
    }
  }

  private static SlipwayException deadlineExceeded(URI uri) {
    return new SlipwayException(
        ErrorCode.DEADLINE_EXCEEDED,
        "%s has not answered before the request's deadline".formatted(uri));
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case ConnectException refused -> "cannot connect";
      case IOException broken when broken.getMessage() != null -> broken.getMessage();
      default -> cause.toString();
    };
  }

  /** The error in the form of the protocol, else the beginning of the body. */
  private static String message(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    try {
      JsonNode error = JSON.readTree(response.body()).path("error");
      text = error.isTextual() ? error.asText() : text;
    } catch (IOException e) {
      // The body says it in its own way.
    }
    if (text.isEmpty()) {
      return "no reason given";
    }
    return text.length() <= MESSAGE_LENGTH_MAX ? text : text.substring(0, MESSAGE_LENGTH_MAX);
  }

  static JsonNode json(URI uri, byte[] body, int offset, int length) {
    try {
      JsonNode node = JSON.readTree(body, offset, length);
      if (node != null && node.isObject()) {
        return node;
      }
      throw invalid(uri, "not a JSON object");
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED,
          "%s: an answer that is no JSON: %s".formatted(uri, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.UPSTREAM_FAILED, uri + ": " + e, e);
    }
  }

  /** An answer that does not follow the protocol. */
  static SlipwayException invalid(URI uri, String what) {
    return new SlipwayException(
        ErrorCode.UPSTREAM_FAILED, "%s: invalid answer: %s".formatted(uri, what));
  }
}
