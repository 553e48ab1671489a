package dev.slipway.cli.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider with a device grant, over HTTP on the loopback. Its token endpoint gives the answers
 * that a test has queued, and then the last of them for ever.
 */
public final class DeviceProvider implements AutoCloseable {
  private final HttpServer server;
  private final List<String> forms = new ArrayList<>();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  public volatile String device =
      """
      {"device_code":"dc","user_code":"ABCD-EFGH","verification_uri":"https://id.example/device",
       "verification_uri_complete":"https://id.example/device?user_code=ABCD-EFGH",
       "expires_in":600,"interval":5}\
      """;
  public volatile String issuer;
  public volatile String deviceEndpoint;
  private final AtomicInteger hangUps = new AtomicInteger();

  private record Answer(int status, String body) {}

  public DeviceProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    issuer = url() + "/realm";
    deviceEndpoint = url() + "/device";
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/realm/.well-known/openid-configuration",
        exchange -> send(exchange, new Answer(200, discovery())));
    server.createContext("/device", exchange -> send(exchange, new Answer(200, device)));
    server.createContext(
        "/token",
        exchange -> {
          if (hangUps.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.close();
          } else {
            send(exchange, next());
          }
        });
    server.createContext("/revoke", exchange -> send(exchange, new Answer(200, "")));
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String discovery() {
    return """
    {"issuer":"%s","device_authorization_endpoint":"%s","token_endpoint":"%s/token",
     "revocation_endpoint":"%s/revoke"}\
    """
        .formatted(issuer, deviceEndpoint, url(), url());
  }

  /** Queues an answer of the token endpoint. */
  public DeviceProvider then(int status, String body) {
    answers.add(new Answer(status, body));
    return this;
  }

  public DeviceProvider thenError(String error) {
    return then(
        400, "{\"error\":\"%s\",\"error_description\":\"why \\u001b[31m\"}".formatted(error));
  }

  public DeviceProvider thenTokens(String accessToken, String refreshToken) {
    return then(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":300,\"refresh_token\":\"%s\"}"
            .formatted(accessToken, refreshToken));
  }

  /** Breaks so many connections to the token endpoint. */
  void hangUp(int times) {
    hangUps.set(times);
  }

  /** The path and the form of every POST, in order. */
  public synchronized List<String> forms() {
    return List.copyOf(forms);
  }

  private Answer next() {
    Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
    return answer == null ? new Answer(500, "") : answer;
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("POST")) {
      synchronized (this) {
        forms.add(exchange.getRequestURI() + " " + form);
      }
    }
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
