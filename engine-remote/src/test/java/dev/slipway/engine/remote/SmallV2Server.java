package dev.slipway.engine.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.testkit.engine.TestTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A V2 server on the loopback with one model, {@code small/1}: the sum of three numbers, the next
 * integer, and the text in capitals; a text that begins with {@code !} is refused. It reads and
 * writes the protocol on its own, sharing no code with the engine under test.
 */
final class SmallV2Server implements AutoCloseable {
  /** What it does instead of answering an inference. */
  enum Fault {
    NONE,
    CRASH,
    HANG,
    HANG_UP,
    NO_JSON,
    OUTPUT_MISSING,
    TOO_FEW_BYTES,
    WRONG_DATATYPE,
    ABSURD_SHAPE,
    OVERLOAD
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String LENGTH = "Inference-Header-Content-Length";

  private final boolean binary;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Fault fault = Fault.NONE;
  private volatile boolean lastRequestWasBinary;

  /**
   * @param binary whether it offers the binary tensor extension
   */
  SmallV2Server(boolean binary) throws IOException {
    this.binary = binary;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/v2", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Path writeArtifact(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(
        folder.resolve("remote.yaml"), "url: %s\nmodel: small\nversion: 1\n".formatted(url()));
  }

  void fail(Fault kind) {
    fault = kind;
  }

  boolean lastRequestWasBinary() {
    return lastRequestWasBinary;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestURI().getPath()) {
        case "/v2" -> answer(exchange, 200, server());
        case "/v2/models/small/versions/1", "/v2/models/small" -> answer(exchange, 200, metadata());
        case "/v2/models/small/versions/1/infer", "/v2/models/small/infer" ->
            inferOrFail(exchange, body);
        default -> error(exchange, 404, "no such model");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode server() {
    ObjectNode node = JSON.createObjectNode().put("name", "small").put("version", "1");
    ArrayNode extensions = node.putArray("extensions");
    if (binary) {
      extensions.add("binary_tensor_data");
    }
    return node;
  }

  private static ObjectNode metadata() {
    ObjectNode node = JSON.createObjectNode().put("name", "small").put("platform", "test");
    node.putArray("versions").add("1");
    ArrayNode inputs = node.putArray("inputs");
    inputs.add(tensor("x", "FP32", 3));
    inputs.add(tensor("id", "INT64", 1));
    inputs.add(tensor("text", "BYTES", 1));
    ArrayNode outputs = node.putArray("outputs");
    outputs.add(tensor("sum", "FP32", 1));
    outputs.add(tensor("next", "INT64", 1));
    outputs.add(tensor("shout", "BYTES", 1));
    return node;
  }

  private static ObjectNode tensor(String name, String datatype, int columns) {
    ObjectNode node = JSON.createObjectNode().put("name", name).put("datatype", datatype);
    node.putArray("shape").add(-1).add(columns);
    return node;
  }

  private void inferOrFail(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    switch (fault) {
      case NONE -> infer(exchange, body, DataType.FP32, 1, 0, true);
      case CRASH -> error(exchange, 500, "the model crashed");
      case OVERLOAD -> error(exchange, 503, "queue is full");
      case HANG -> closing.await();
      case HANG_UP -> exchange.close();
      case NO_JSON -> send(exchange, 200, "<html>".getBytes(StandardCharsets.UTF_8), "");
      case OUTPUT_MISSING -> infer(exchange, body, DataType.FP32, 1, 0, false);
      case TOO_FEW_BYTES -> infer(exchange, body, DataType.FP32, 1, 2, true);
      case WRONG_DATATYPE -> infer(exchange, body, DataType.INT32, 1, 0, true);
      case ABSURD_SHAPE -> infer(exchange, body, DataType.FP32, Long.MAX_VALUE / 2, 0, true);
    }
  }

  private void infer(
      HttpExchange exchange,
      byte[] body,
      DataType sumType,
      long sumColumns,
      int cutBytes,
      boolean withShout)
      throws IOException {
    String jsonLength = exchange.getRequestHeaders().getFirst(LENGTH);
    lastRequestWasBinary = jsonLength != null;
    int at = jsonLength == null ? body.length : Integer.parseInt(jsonLength);
    JsonNode request = JSON.readTree(body, 0, at);
    float[] x = {};
    long[] id = {};
    List<String> text = new ArrayList<>();
    for (JsonNode input : request.get("inputs")) {
      JsonNode size = input.path("parameters").get("binary_data_size");
      ByteBuffer blob = size == null ? null : ByteBuffer.wrap(body, at, size.asInt());
      at += size == null ? 0 : size.asInt();
      switch (input.get("name").asText()) {
        case "x" -> x = floats(input.path("data"), blob);
        case "id" -> id = longs(input.path("data"), blob);
        default -> text = strings(input.path("data"), blob);
      }
    }
    int rows = id.length;
    float[] sum = new float[rows];
    long[] next = new long[rows];
    List<byte[]> shout = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      sum[row] = x[row * 3] + x[row * 3 + 1] + x[row * 3 + 2];
      next[row] = id[row] + 1;
      if (text.get(row).startsWith("!")) {
        error(exchange, 400, "text[%d]: '%s' is rude".formatted(row, text.get(row)));
        return;
      }
      shout.add(text.get(row).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
    ObjectNode response = JSON.createObjectNode().put("model_name", "small");
    ArrayNode outputs = response.putArray("outputs");
    ByteArrayOutputStream blobs = new ByteArrayOutputStream();
    Shape column = Shape.of(rows, 1);
    add(outputs, blobs, TestTensors.fp32("sum", column, sum), sumType, sumColumns, cutBytes);
    add(outputs, blobs, TestTensors.int64("next", column, next), DataType.INT64, 1, 0);
    if (withShout) {
      add(outputs, blobs, TestTensors.bytes("shout", column, shout), DataType.BYTES, 1, 0);
    }
    byte[] json = JSON.writeValueAsBytes(response);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(json);
    whole.writeBytes(blobs.toByteArray());
    send(exchange, 200, whole.toByteArray(), binary ? Integer.toString(json.length) : "");
  }

  private void add(
      ArrayNode outputs,
      ByteArrayOutputStream blobs,
      Tensor tensor,
      DataType datatype,
      long columns,
      int cutBytes) {
    ObjectNode node =
        outputs.addObject().put("name", tensor.name()).put("datatype", datatype.name());
    node.putArray("shape").add(tensor.shape().dimension(0)).add(columns);
    byte[] bytes = new byte[tensor.byteLength()];
    tensor.data().get(0, bytes);
    if (binary) {
      int kept = Math.max(0, bytes.length - cutBytes);
      node.putObject("parameters").put("binary_data_size", kept);
      blobs.write(bytes, 0, kept);
      return;
    }
    ArrayNode data = node.putArray("data");
    int count = Math.toIntExact(tensor.shape().dimension(0)) - Math.min(cutBytes, 1);
    List<String> text =
        tensor.datatype() == DataType.BYTES ? TestTensors.strings(tensor) : List.of();
    for (int i = 0; i < count; i++) {
      switch (tensor.datatype()) {
        case FP32 -> data.add(tensor.data().getFloat(i * 4));
        case INT64 -> data.addArray().add(tensor.data().getLong(i * 8));
        default -> data.add(text.get(i));
      }
    }
  }

  private static float[] floats(JsonNode data, @Nullable ByteBuffer blob) {
    if (blob == null) {
      float[] values = new float[data.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) data.get(i).asDouble();
      }
      return values;
    }
    float[] values = new float[blob.remaining() / 4];
    blob.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static long[] longs(JsonNode data, @Nullable ByteBuffer blob) {
    if (blob == null) {
      long[] values = new long[data.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = data.get(i).asLong();
      }
      return values;
    }
    long[] values = new long[blob.remaining() / 8];
    blob.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    return values;
  }

  private static List<String> strings(JsonNode data, @Nullable ByteBuffer blob) {
    List<String> values = new ArrayList<>();
    if (blob == null) {
      data.forEach(node -> values.add(node.asText()));
      return values;
    }
    blob.order(ByteOrder.LITTLE_ENDIAN);
    while (blob.hasRemaining()) {
      byte[] bytes = new byte[blob.getInt()];
      blob.get(bytes);
      values.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return values;
  }

  private static void error(HttpExchange exchange, int status, String message) throws IOException {
    answer(exchange, status, JSON.createObjectNode().put("error", message));
  }

  private static void answer(HttpExchange exchange, int status, ObjectNode body)
      throws IOException {
    send(exchange, status, JSON.writeValueAsBytes(body), "");
  }

  private static void send(HttpExchange exchange, int status, byte[] body, String jsonLength)
      throws IOException {
    if (!jsonLength.isEmpty()) {
      exchange.getResponseHeaders().set(LENGTH, jsonLength);
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
