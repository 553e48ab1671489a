package dev.slipway.cli.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Durations;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.output.Json;
import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one server over HTTP/1.1. Every failure is a {@link CliFailure} that says what was
 * asked, why it failed and the next command. Safe for several threads.
 */
public final class ServerClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int PAGE_SIZE = 100;

  private final URI base;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param base the server's address, without a slash at its end
   * @param token shows who asks; empty for none
   */
  public ServerClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  public URI base() {
    return base;
  }

  public Answer get(Ask ask, String path) {
    return send(ask, "GET", path, BodyPublishers.noBody(), null);
  }

  /** The bytes of something that is not JSON. */
  public byte[] bytes(Ask ask, String path) {
    Received received = receive(ask, "GET", path, BodyPublishers.noBody(), null);
    received.requireOk(ask);
    return received.response.body();
  }

  /** The bytes of something that is not JSON; empty if the server does not have it. */
  public Optional<byte[]> bytesIfThere(Ask ask, String path) {
    Received received = receive(ask, "GET", path, BodyPublishers.noBody(), null);
    if (received.response.statusCode() == 404) {
      return Optional.empty();
    }
    received.requireOk(ask);
    return Optional.of(received.response.body());
  }

  /**
   * Fetches something large into a file that only this user may read.
   *
   * @param file is written over
   */
  public void download(Ask ask, String path, Path file) {
    try {
      PrivateFile.replace(file, "");
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "%s cannot be written: %s".formatted(file, e),
          "another file");
    }
    receive(
            ask,
            "GET",
            path,
            BodyPublishers.noBody(),
            null,
            info ->
                info.statusCode() / 100 == 2
                    ? BodySubscribers.mapping(
                        BodySubscribers.ofFile(
                            file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                        written -> new byte[0])
                    : BodySubscribers.ofByteArray())
        .requireOk(ask);
  }

  public Answer put(Ask ask, String path, JsonNode body) {
    return send(ask, "PUT", path, json(body), "application/json");
  }

  public Answer put(Ask ask, String path, BodyPublisher body, String contentType) {
    return send(ask, "PUT", path, body, contentType);
  }

  public Answer delete(Ask ask, String path) {
    return send(ask, "DELETE", path, BodyPublishers.noBody(), null);
  }

  /** Posts without a body. */
  public Answer post(Ask ask, String path) {
    return send(ask, "POST", path, BodyPublishers.noBody(), null);
  }

  public Answer post(Ask ask, String path, JsonNode body) {
    return send(ask, "POST", path, json(body), "application/json");
  }

  public Answer post(Ask ask, String path, BodyPublisher body, String contentType) {
    return send(ask, "POST", path, body, contentType);
  }

  /**
   * The items of a paged list; further pages are asked for when they are reached.
   *
   * @param limit the most items; 0 means all
   */
  public Iterator<JsonNode> list(Ask ask, String path, int limit) {
    return new PagedItems(
        (token, size) ->
            get(
                    ask,
                    path
                        + (path.contains("?") ? "&" : "?")
                        + "page_size="
                        + size
                        + (token.isEmpty() ? "" : "&page_token=" + encode(token)))
                .body(),
        PAGE_SIZE,
        limit);
  }

  /** A text as one segment of a path or one value of a query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static BodyPublisher json(JsonNode body) {
    return BodyPublishers.ofString(Json.line(body));
  }

  private Answer send(
      Ask ask, String method, String path, BodyPublisher body, @Nullable String contentType) {
    Received received = receive(ask, method, path, body, contentType);
    received.requireOk(ask);
    JsonNode json = parse(received.response.body());
    if (json == null) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "%s answered with %s (expected: JSON); it may not be a Slipway server"
              .formatted(
                  base,
                  received.response.headers().firstValue("Content-Type").orElse("no content type")),
          "slipway doctor",
          received.requestId);
    }
    return new Answer(json, received.response.headers(), received.requestId);
  }

  /** What the server answered, whatever it is. */
  private record Received(HttpResponse<byte[]> response, String requestId) {
    void requireOk(Ask ask) {
      if (response.statusCode() / 100 != 2) {
        JsonNode json = parse(response.body());
        throw Refusal.of(
            ask,
            response.statusCode(),
            json == null ? MissingNode.getInstance() : json,
            response.headers().firstValue("Retry-After").orElse(""),
            requestId);
      }
    }
  }

  private Received receive(
      Ask ask, String method, String path, BodyPublisher body, @Nullable String contentType) {
    return receive(ask, method, path, body, contentType, BodyHandlers.ofByteArray());
  }

  private Received receive(
      Ask ask,
      String method,
      String path,
      BodyPublisher body,
      @Nullable String contentType,
      BodyHandler<byte[]> handler) {
    String sentId = "cli-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, body)
            .timeout(ask.timeout())
            .header("Accept", "application/json")
            .header("X-Request-Id", sentId);
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<byte[]> response = exchange(ask, request.build(), handler, sentId);
    return new Received(response, response.headers().firstValue("X-Request-Id").orElse(sentId));
  }

  private HttpResponse<byte[]> exchange(
      Ask ask, HttpRequest request, BodyHandler<byte[]> handler, String sentId) {
    try {
      return http.send(request, handler);
    } catch (HttpConnectTimeoutException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "no connection to %s within %s".formatted(base, Durations.format(CONNECT_TIMEOUT)),
          "slipway doctor, or name another server with --url or SLIPWAY_URL");
    } catch (HttpTimeoutException e) {
      throw new CliFailure(
          ExitCode.TIMEOUT,
          ask.what(),
          "no answer of %s within %s".formatted(base, Durations.format(ask.timeout())),
          "the same with a longer --timeout; slipway doctor",
          sentId);
    } catch (ConnectException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "no server answers at " + base,
          "slipway up, or name another server with --url or SLIPWAY_URL");
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "the connection to %s broke: %s".formatted(base, reason(e)),
          "slipway doctor",
          sentId);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFailure(ExitCode.ERROR, ask.what(), "interrupted", "the same again", sentId);
    }
  }

  private static String reason(IOException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  /** The JSON, a missing node for an empty body, null for anything else. */
  private static @Nullable JsonNode parse(byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return Json.mapper().readTree(body);
    } catch (JacksonException e) {
      return null;
    } catch (IOException e) {
      throw new AssertionError("reading from memory", e);
    }
  }

  /** Lets the idle connections go. */
  @Override
  public void close() {
    http.shutdownNow();
  }

  /** Polls until {@code probe} has a result, at growing intervals of at most a second. */
  public static <T> T poll(
      Duration timeout, Supplier<@Nullable T> probe, Supplier<CliFailure> onTimeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    long pauseMillis = 50;
    while (true) {
      T result = probe.get();
      if (result != null) {
        return result;
      }
      if (System.nanoTime() >= deadline) {
        throw onTimeout.get();
      }
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw onTimeout.get();
      }
      pauseMillis = Math.min(1000, pauseMillis * 2);
    }
  }
}
