package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is started sends its spans to the collector that a setting names. */
class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void aTracedRequestIsAtTheCollectorWhenTheServerHasStopped() throws Exception {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer collector = collector(received);
    String endpoint = "http://127.0.0.1:%d/v1/traces".formatted(collector.getAddress().getPort());
    try (ServerUnderTest server =
        ServerUnderTest.start(
            folder.resolve("data"), ServerUnderTest.freePort(), "--otlp-endpoint=" + endpoint)) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      server.deploy("m", "m", 1);
      HttpResponse<String> response =
          server.send(
              server
                  .request("/v2/models/m/infer")
                  .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1],\"datatype\":\"FP32\","
                              + "\"data\":[1]}]}"))
                  .build());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("traceparent").orElse("")).contains(TRACE);
      assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    } finally {
      collector.stop(0);
    }
    String trace = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
    assertThat(String.join("", received)).contains(trace, "service.name", "slipway", "decode");
  }

  private static HttpServer collector(Queue<String> received) throws IOException {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          if (gzip) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
          }
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }
}
