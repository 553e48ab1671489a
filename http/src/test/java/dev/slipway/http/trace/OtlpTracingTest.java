package dev.slipway.http.trace;

import static dev.slipway.http.testing.RunningServer.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.http.testing.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class OtlpTracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void aSampledRequestIsExportedWithItsStagesAndAnUnsampledOneIsNot() throws IOException {
    ConcurrentLinkedQueue<byte[]> received = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          received.add(
              gzip ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    URI endpoint =
        URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
    String unsampled = "1" + TRACE.substring(1);
    try (OtlpTracing tracing = new OtlpTracing(endpoint, 0, "1")) {
      try (RunningServer running = RunningServer.start(tracing)) {
        HttpResponse<byte[]> response = infer(running, "00-" + TRACE + "-b7ad6b7169203331-01");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("traceparent").orElse(""))
            .startsWith("00-" + TRACE + "-")
            .doesNotContain("b7ad6b7169203331");
        infer(running, "00-" + unsampled + "-b7ad6b7169203331-00");
      }
    } finally {
      collector.stop(0);
    }
    String spans = bytesToText(received);
    assertThat(spans).contains("infer", "decode", "queue", "encode", "slipway.model", bytes(TRACE));
    assertThat(spans).doesNotContain(bytes(unsampled));
  }

  private static HttpResponse<byte[]> infer(RunningServer running, String traceparent) {
    return running.send(
        running
            .request("/v2/models/sum/infer")
            .header("traceparent", traceparent)
            .POST(BodyPublishers.ofString(rows(1, 2, 3))));
  }

  private static String bytesToText(Iterable<byte[]> bodies) {
    StringBuilder text = new StringBuilder();
    bodies.forEach(body -> text.append(new String(body, StandardCharsets.ISO_8859_1)));
    return text.toString();
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
