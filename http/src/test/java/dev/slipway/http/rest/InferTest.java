package dev.slipway.http.rest;

import static dev.slipway.http.testing.RunningServer.rows;
import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.http.HttpOptions;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.testing.KnownModels;
import dev.slipway.http.testing.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INFER = "/v2/models/sum/infer";
  private static RunningServer running;

  @BeforeAll
  static void start() {
    running = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        INFER,
        "/v2/models/sum/versions/1/infer",
        "/v2/models/versions/infer",
        "/v2/models/versions/versions/1/infer"
      })
  void aRowIsAnsweredInJson(String path) throws IOException {
    HttpResponse<byte[]> response = running.post(path, rows(1, 2, 3.5f));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("model_version").asText()).isEqualTo("1");
    assertThat(answer.path("id").asText()).isNotEmpty();
    assertThat(answer.path("outputs").path(0).path("name").asText()).isEqualTo("y");
    assertThat(answer.path("outputs").path(0).path("data").toString()).isEqualTo("[6.5]");
  }

  @Test
  void theAnswerSaysWhatAnsweredAndHowLongItTook() {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("X-Request-Id", "call-7")
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(response.headers().firstValue("x-request-id")).hasValue("call-7");
    assertThat(response.headers().firstValue("x-slipway-model-version")).hasValue("1");
    assertThat(response.headers().firstValue("x-slipway-artifact-digest"))
        .hasValue(KnownModels.version("sum", 1).digest().value());
    assertThat(response.headers().firstValue("server-timing").orElse(""))
        .matches(
            "decode;dur=\\d+\\.\\d{3}, queue;dur=\\d+\\.\\d{3}, "
                + "infer;dur=\\d+\\.\\d{3}, encode;dur=\\d+\\.\\d{3}");
    assertThat(response.headers().firstValue("traceparent").orElse(""))
        .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
        .doesNotContain("b7ad6b7169203331");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "\"quoted\"", "a,b"})
  void aRequestIdThatCouldConfuseALogIsReplaced(String id) {
    HttpResponse<byte[]> response =
        running.send(running.request("/v2/health/live").header("X-Request-Id", id).GET());
    assertThat(response.headers().firstValue("x-request-id").orElse("")).matches("[0-9a-z]{20}");
  }

  @Test
  void theSameWorksOverHttp2AfterAnUpgradeAndWithoutOne() {
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response =
          running.sendHttp2(running.request(INFER).POST(BodyPublishers.ofString(rows(1, 2, 3))));
      assertThat(response.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
      assertThat(text(response)).contains("\"data\":[6");
    }
  }

  @Test
  void binaryInIsBinaryOut() {
    String head =
        "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\",\"shape\":[2,3],"
            + "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":24}}]}";
    byte[] headBytes = head.getBytes(StandardCharsets.UTF_8);
    byte[] body = concat(headBytes, floats(1, 2, 3, 4, 5, 6));
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("Inference-Header-Content-Length", "" + headBytes.length)
                .POST(BodyPublishers.ofByteArray(body)));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    int jsonLength =
        Integer.parseInt(
            response.headers().firstValue("inference-header-content-length").orElseThrow());
    assertThat(tail(response.body(), jsonLength)).containsExactly(6f, 15f);
  }

  @Test
  void aRawBodyIsTheOneInput() {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("Inference-Header-Content-Length", "0")
                .POST(BodyPublishers.ofByteArray(floats(1, 2, 3))));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    int jsonLength =
        Integer.parseInt(
            response.headers().firstValue("inference-header-content-length").orElseThrow());
    assertThat(tail(response.body(), jsonLength)).containsExactly(6f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "abc", "99999999999999999999", "100000"})
  void aHeaderLengthThatCannotBeIsRefused(String length) {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("Inference-Header-Content-Length", length)
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("Inference-Header-Content-Length");
  }

  @Test
  void kserveV1Predicts() {
    HttpResponse<byte[]> response =
        running.post("/v1/models/sum:predict", "{\"instances\":[[1,2,3],[4,5,6]]}");
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    assertThat(text(response)).isEqualTo("{\"predictions\":[[6.0],[15.0]]}");
    assertThat(running.post("/v1/models/none:predict", "{\"instances\":[[1]]}").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|400",
        "{|400",
        "[]|400",
        "{\"inputs\":[]}|400",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}|400",
        "{\"inputs\":[{\"name\":\"z\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,2,3]}]}|400",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"INT64\",\"data\":[1,2,3]}]}|400",
      })
  void aBadBodyIsRefusedWithAReason(String body, int status) throws IOException {
    HttpResponse<byte[]> response = running.post(INFER, body == null ? "" : body);
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
    assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertThat(running.post("/v2/models/none/infer", rows(1, 2, 3)).statusCode()).isEqualTo(404);
    assertThat(running.post("/v2/models/sum/versions/9/infer", rows(1, 2, 3)).statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/models/none/infer",
        "/v2/models/sum/versions/9/infer",
        "/v1/models/none:predict"
      })
  void anUnknownModelIsNotFoundWhateverElseIsWrong(String path) {
    assertThat(running.post(path, "{\"inputs\":[{\"name\"").statusCode()).isEqualTo(404);
    assertThat(running.post(path, "").statusCode()).isEqualTo(404);
    var request = running.request(path).header("Inference-Header-Content-Length", "x");
    assertThat(running.send(request.POST(BodyPublishers.ofString("{}"))).statusCode())
        .isEqualTo(404);
    request = running.request(path).header("Content-Encoding", "gzip");
    assertThat(running.send(request.POST(BodyPublishers.ofString("no gzip"))).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aFailureOfOursKeepsItsDetailsToItself() {
    HttpResponse<byte[]> response = running.post(INFER, rows(KnownModels.FAILS, 2, 3));
    String id = response.headers().firstValue("x-request-id").orElseThrow();
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(text(response))
        .isEqualTo("{\"error\":\"internal error, request id %s\"}".formatted(id));
  }

  @Test
  void anOutputThatJsonCannotHoldIsNamed() {
    HttpResponse<byte[]> response = running.post(INFER, rows(3.4e38f, 3.4e38f, 0));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(text(response)).contains("output 'y'", "Infinity");
  }

  @Test
  void compressedBodiesAreReadAndAnswersCompressedOnlyWhereItPays() throws IOException {
    byte[] plain = rows(new float[3 * 2_000]).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("Content-Encoding", "gzip")
                .header("Accept-Encoding", "deflate;q=0.5, gzip")
                .POST(BodyPublishers.ofByteArray(gzip.toByteArray())));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
    byte[] answer = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(JSON.readTree(answer).path("outputs").path(0).path("data").size()).isEqualTo(2_000);

    ByteArrayOutputStream deflate = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(deflate)) {
      out.write(plain);
    }
    HttpResponse<byte[]> deflated =
        running.send(
            running
                .request(INFER)
                .header("Content-Encoding", "deflate")
                .header("Accept-Encoding", "deflate")
                .POST(BodyPublishers.ofByteArray(deflate.toByteArray())));
    assertThat(deflated.headers().firstValue("content-encoding")).hasValue("deflate");
    assertThat(new InflaterInputStream(new ByteArrayInputStream(deflated.body())).readAllBytes())
        .startsWith("{\"model_name\"".getBytes(StandardCharsets.UTF_8));

    HttpResponse<byte[]> small =
        running.send(
            running
                .request(INFER)
                .header("Accept-Encoding", "gzip")
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(small.headers().firstValue("content-encoding")).isEmpty();
  }

  @Test
  void anAnswerThatWouldKeepTheLoopForLongIsNotCompressed() throws IOException {
    int longest = HttpOptions.DEFAULT.compression().bytesMax();
    HttpResponse<byte[]> long64 = echoed(longest);
    assertThat(long64.body().length).isGreaterThan(longest);
    assertThat(long64.headers().firstValue("content-encoding")).isEmpty();
    assertThat(JSON.readTree(long64.body()).path("outputs").path(0).path("data").size())
        .isEqualTo(longest);

    HttpResponse<byte[]> shorter = echoed(longest / 5);
    assertThat(shorter.headers().firstValue("content-encoding")).hasValue("gzip");
  }

  /** What {@code echo} answers to so many numbers, of at least two characters each. */
  private static HttpResponse<byte[]> echoed(int numbers) {
    return running.send(
        running
            .request("/v2/models/echo/infer")
            .header("Accept-Encoding", "gzip")
            .POST(
                BodyPublishers.ofString(
                    "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,%d],\"datatype\":\"FP32\",\"data\":[%s0]}]}"
                        .formatted(numbers, "0,".repeat(numbers - 1)))));
  }

  @Test
  void aLongCompressedBodyIsReadWhicheverProtocolBringsIt() throws IOException {
    int numbers = 500_000;
    byte[] plain =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,%d],\"datatype\":\"FP32\",\"data\":[%s7]}]}"
            .formatted(numbers, "1,".repeat(numbers - 1))
            .getBytes(StandardCharsets.UTF_8);
    byte[] packed = ContentCoding.GZIP.encode(plain, 0, plain.length);
    for (boolean http2 : new boolean[] {false, true}) {
      var request =
          running
              .request("/v2/models/echo/infer")
              .header("Content-Encoding", "gzip")
              .POST(BodyPublishers.ofByteArray(packed));
      HttpResponse<byte[]> response = http2 ? running.sendHttp2(request) : running.send(request);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(text(response)).contains(",1.0,7.0]");
    }
    packed[packed.length / 2] ^= 0x55;
    HttpResponse<byte[]> broken =
        running.send(
            running
                .request("/v2/models/echo/infer")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed)));
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(text(broken)).contains("not readable as gzip");
  }

  @Test
  void anEncodingThatIsNotOursIsRefused() {
    HttpResponse<byte[]> response =
        running.send(
            running
                .request(INFER)
                .header("Content-Encoding", "br")
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(response.statusCode()).isEqualTo(415);
    HttpResponse<byte[]> broken =
        running.send(
            running
                .request(INFER)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("no gzip at all")));
    assertThat(broken.statusCode()).isEqualTo(400);
  }

  @Test
  void tenMegabytesComeBackUnchanged() {
    float[] values = new float[2_500_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    String head =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,%d],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":%d}}],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]}"
            .formatted(values.length, 4L * values.length);
    byte[] body = concat(head.getBytes(StandardCharsets.UTF_8), floats(values));
    for (boolean http2 : new boolean[] {false, true}) {
      var request =
          running
              .request("/v2/models/echo/infer")
              .header("Inference-Header-Content-Length", "" + head.length())
              .POST(BodyPublishers.ofByteArray(body));
      HttpResponse<byte[]> response = http2 ? running.sendHttp2(request) : running.send(request);
      assertThat(response.statusCode()).isEqualTo(200);
      int jsonLength =
          Integer.parseInt(
              response.headers().firstValue("inference-header-content-length").orElseThrow());
      assertThat(tail(response.body(), jsonLength)).isEqualTo(values);
    }
  }

  @Test
  void aPassedDeadlineIsAnsweredAndABadOneRefused() {
    running.models.permits.drainPermits();
    var request =
        running
            .request("/v2/models/gate/infer")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(rows(1, 2, 3)));
    int before = running.models.gateRuns.get();
    var holding = Thread.ofVirtual().start(() -> running.send(request));
    RunningServer.await("the gate is entered", () -> running.models.gateRuns.get() > before);
    HttpResponse<byte[]> late =
        running.send(
            running
                .request("/v2/models/gate/infer")
                .header("X-Request-Timeout-Micros", "1000")
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(late.statusCode()).as(text(late)).isEqualTo(503);
    running.models.permits.release(100);
    RunningServer.await("the first is answered", () -> !holding.isAlive());
    HttpResponse<byte[]> bad =
        running.send(
            running
                .request(INFER)
                .header("X-Request-Timeout-Micros", "soon")
                .POST(BodyPublishers.ofString(rows(1, 2, 3))));
    assertThat(bad.statusCode()).isEqualTo(400);
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static byte[] concat(byte[] head, byte[] blob) {
    return ByteBuffer.allocate(head.length + blob.length).put(head).put(blob).array();
  }

  private static float[] tail(byte[] body, int from) {
    float[] values = new float[(body.length - from) / 4];
    ByteBuffer.wrap(body, from, body.length - from)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }
}
