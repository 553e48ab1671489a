package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.cli.output.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the documented control API and V2 REST over a state of its own: versions are
 * registered from the bytes that arrive, and every model answers with the sum of each row. What a
 * test wants to go wrong is set on it before.
 */
final class ControlApiServer implements AutoCloseable {
  private static final String CLOCK = "2026-11-24T10:00:00.123456Z";

  private final HttpServer server;
  private final TreeMap<String, List<ObjectNode>> models = new TreeMap<>();
  private final TreeMap<String, ObjectNode> deployments = new TreeMap<>();
  private final List<String> requests = new ArrayList<>();
  private Map<String, byte[]> lastUpload = Map.of();
  private String lastQuery = "";
  private @Nullable String refusal;
  private int refusalStatus;
  private long delayMillis;
  private int loadingPolls;
  private boolean loadFails;
  private String doctorStatus = "ok";
  private JsonNode checkOutcome = object();
  private final List<ObjectNode> webhooks = new ArrayList<>();

  ControlApiServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Method and path with query of every request, in order. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** The files of the last registration: of a zip by entry, of a single file by its name. */
  synchronized Map<String, byte[]> lastUpload() {
    return lastUpload;
  }

  synchronized String lastQuery() {
    return lastQuery;
  }

  /** From now on every request is refused. */
  synchronized void refuse(int status, String code) {
    refusalStatus = status;
    refusal = code;
  }

  /** From now on every answer is held back. */
  synchronized void delay(long millis) {
    delayMillis = millis;
  }

  /** A deployment is LOADING for so many reads after it was changed. */
  synchronized void loadSlowly(int polls) {
    loadingPolls = polls;
  }

  /** From now on a deployed version cannot be loaded. */
  synchronized void failLoads() {
    loadFails = true;
  }

  synchronized void doctorStatus(String status) {
    doctorStatus = status;
  }

  /** What checks of models come to. */
  synchronized void answerChecks(JsonNode outcome) {
    checkOutcome = outcome;
  }

  /** Registers a version of a model with two inputs named {@code amount} and {@code hour}. */
  synchronized void register(String model) {
    addVersion(model, ("bytes of " + model).getBytes(StandardCharsets.UTF_8), "model.onnx");
  }

  synchronized void deploy(String model, int version, String deployment) {
    putDeployment(deployment, model, version);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Answer answer;
    long delay;
    synchronized (this) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      delay = delayMillis;
      answer =
          refusal != null
              ? problem(refusalStatus, refusal, "it was told to refuse")
              : answer(exchange, body);
    }
    if (delay > 0) {
      try {
        Thread.sleep(delay);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    byte[] bytes = Json.line(answer.body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.contentType);
    exchange.getResponseHeaders().set("X-Request-Id", "req-1");
    if (answer.status == 429) {
      exchange.getResponseHeaders().set("Retry-After", "3");
    }
    try (exchange) {
      exchange.sendResponseHeaders(answer.status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      // The client has gone, as in the test of the timeout.
    }
  }

  private Answer answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String[] part = path.substring(1).split("/", -1);
    String method = exchange.getRequestMethod();
    Map<String, String> query = query(exchange.getRequestURI().getQuery());
    if (path.equals("/v2")) {
      return ok(object().put("name", "slipway").put("version", Version.number()));
    }
    if (path.startsWith("/v2/models/") && path.endsWith("/infer")) {
      return infer(part[2], Json.mapper().readTree(body));
    }
    if (path.equals("/api/v1/doctor")) {
      ObjectNode check = object().put("name", "store").put("status", doctorStatus);
      check.put("detail", "schema 3").put("mend", doctorStatus.equals("ok") ? "" : "restore it");
      ObjectNode checks = object();
      checks.putArray("checks").add(check);
      return ok(checks);
    }
    if (path.startsWith("/api/v1/webhooks")) {
      return webhook(method, part, body);
    }
    if (path.equals("/api/v1/policy/check")) {
      return ok(object().put("digest", "sha256:" + sha256(body)));
    }
    if (path.equals("/api/v1/models")) {
      return page(query, models.entrySet().stream().map(e -> summary(e.getKey())).toList());
    }
    if (path.equals("/api/v1/deployments")) {
      return page(query, deployments.values().stream().map(d -> (JsonNode) d).toList());
    }
    if (path.startsWith("/api/v1/models/")) {
      return model(method, part, query, exchange, body);
    }
    if (path.startsWith("/api/v1/deployments/")) {
      return deployment(method, part, body);
    }
    return problem(404, "NOT_FOUND", "no such path: " + path);
  }

  private Answer webhook(String method, String[] part, byte[] body) throws IOException {
    if (method.equals("POST")) {
      ObjectNode made = (ObjectNode) Json.mapper().readTree(body);
      made.put("id", webhooks.size() + 1).put("state", "ENABLED").put("failures", 0);
      webhooks.add(made);
      return ok(made.deepCopy().put("secret", "whsec_once"));
    }
    if (method.equals("GET")) {
      return page(Map.of(), webhooks);
    }
    return webhooks.size() < Integer.parseInt(part[3])
        ? problem(404, "NOT_FOUND", "webhook " + part[3] + " does not exist")
        : ok(webhooks.remove(Integer.parseInt(part[3]) - 1));
  }

  private Answer model(
      String method, String[] part, Map<String, String> query, HttpExchange exchange, byte[] body)
      throws IOException {
    String name = part[3];
    if (part[part.length - 1].equals("checks")) {
      lastUpload = files(query, exchange, body);
      return ok(checkOutcome);
    }
    if (method.equals("POST") && part.length == 5) {
      lastQuery = String.valueOf(exchange.getRequestURI().getQuery());
      return registration(name, query, exchange, body);
    }
    List<ObjectNode> versions = models.getOrDefault(name, List.of());
    if (part.length == 4) {
      if (versions.isEmpty()) {
        return problem(404, "NOT_FOUND", "model: '" + name + "' (expected: a registered model)");
      }
      ObjectNode model = summary(name);
      ArrayNode list = model.putArray("versions");
      versions.forEach(list::add);
      return ok(model);
    }
    int version = Integer.parseInt(part[5]);
    if (version < 1 || version > versions.size()) {
      return problem(404, "NOT_FOUND", "version: %s/%d does not exist".formatted(name, version));
    }
    return ok(part.length == 7 ? profile() : versions.get(version - 1));
  }

  private Answer registration(
      String name, Map<String, String> query, HttpExchange exchange, byte[] body)
      throws IOException {
    Map<String, byte[]> files = files(query, exchange, body);
    lastUpload = files;
    if (files.keySet().stream().noneMatch(file -> file.endsWith(".onnx"))) {
      return problem(
          422,
          "FORMAT_UNSUPPORTED",
          "%s: not a model that can be served (expected: .onnx)".formatted(files.keySet()));
    }
    if (query.getOrDefault("dry_run", "").equals("true")) {
      int number = models.getOrDefault(name, List.of()).size() + 1;
      return new Answer(201, "application/json", version(name, number, body, "model.onnx"));
    }
    return new Answer(201, "application/json", addVersion(name, body, "model.onnx"));
  }

  private static Map<String, byte[]> files(
      Map<String, String> query, HttpExchange exchange, byte[] body) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if ("application/zip".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body))) {
        ZipEntry entry;
        while ((entry = zip.getNextEntry()) != null) {
          files.put(entry.getName(), zip.readAllBytes());
        }
      }
    } else {
      files.put(query.getOrDefault("filename", ""), body);
    }
    return files;
  }

  private ObjectNode addVersion(String name, byte[] bytes, String file) {
    List<ObjectNode> versions = models.computeIfAbsent(name, n -> new ArrayList<>());
    ObjectNode version = version(name, versions.size() + 1, bytes, file);
    versions.add(version);
    return version;
  }

  private static ObjectNode version(String name, int number, byte[] bytes, String file) {
    ObjectNode version = object().put("model", name).put("version", number);
    version.put("digest", "sha256:" + sha256(bytes)).put("format", "ONNX");
    version.put("size_bytes", bytes.length).put("description", "from " + file);
    version.put("registered_at", CLOCK);
    ObjectNode signature = version.putObject("signature");
    ObjectNode input = signature.putArray("inputs").addObject();
    input.put("name", "input").put("datatype", "FP32");
    input.putArray("shape").add(-1).add(2);
    input.putArray("fields").add(object().put("name", "amount")).add(object().put("name", "hour"));
    ObjectNode output = signature.putArray("outputs").addObject();
    output.put("name", "sum").put("datatype", "FP64");
    output.putArray("shape").add(-1);
    version.putObject("settings").putObject("batch").put("max_batch_size", 64);
    version.set(
        "example_request",
        read(
            """
            {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, 2], "data": [12.5, 3]}]}
            """));
    return version;
  }

  private ObjectNode summary(String name) {
    return object()
        .put("name", name)
        .put("latest_version", models.getOrDefault(name, List.of()).size())
        .put("created_at", CLOCK);
  }

  private Answer deployment(String method, String[] part, byte[] body) throws IOException {
    String name = part[3];
    ObjectNode deployment = deployments.get(name);
    if (method.equals("PUT")) {
      JsonNode asked = Json.mapper().readTree(body);
      String model = asked.path("model").asText();
      int version = asked.path("version").asInt();
      if (models.getOrDefault(model, List.of()).size() < version) {
        return problem(404, "NOT_FOUND", "version: %s/%d does not exist".formatted(model, version));
      }
      return ok(putDeployment(name, model, version).deepCopy());
    }
    if (deployment == null) {
      return problem(404, "NOT_FOUND", "deployment: '" + name + "' (expected: a deployment)");
    }
    if (part.length == 5) {
      int previous = deployment.path("previous_version").asInt();
      if (previous == 0) {
        return problem(409, "NOTHING_TO_UNDO", name + " has served one version only");
      }
      return ok(putDeployment(name, deployment.path("model").asText(), previous).deepCopy());
    }
    if (deployment.path("state").asText().equals("LOADING") && --loadingPolls <= 0) {
      deployment.put("state", "READY");
    }
    return ok(deployment.deepCopy());
  }

  private ObjectNode putDeployment(String name, String model, int version) {
    ObjectNode before = deployments.getOrDefault(name, object());
    ObjectNode deployment =
        object().put("name", name).put("environment", "dev").put("model", model);
    deployment.put("version", version).put("previous_version", before.path("version").asInt(0));
    deployment.put("revision", before.path("revision").asInt(0) + 1);
    deployment.put("state", loadFails ? "UNAVAILABLE" : loadingPolls > 0 ? "LOADING" : "READY");
    deployment.put("reason", loadFails ? "out of memory" : "").put("engine", "trees");
    deployment.put("scheduling", "inline").put("digest", "sha256:" + sha256(new byte[version]));
    deployment.put("changed_at", CLOCK);
    deployments.put(name, deployment);
    return deployment;
  }

  private Answer infer(String deployment, JsonNode request) {
    if (!deployments.containsKey(deployment)) {
      ObjectNode error = object().put("error", "model: '" + deployment + "' is not deployed");
      return new Answer(404, "application/json", error);
    }
    JsonNode input = request.path("inputs").path(0);
    int rows = input.path("shape").path(0).asInt();
    int width = input.path("shape").path(1).asInt();
    if (width != 2) {
      String text = "inputs[0].shape: [%d, %d] (expected: [-1, 2])".formatted(rows, width);
      return new Answer(400, "application/json", object().put("error", text));
    }
    ObjectNode answer = object().put("model_name", deployment);
    answer.put("model_version", deployments.get(deployment).path("version").asText());
    answer.put("id", "id-1");
    ObjectNode output = answer.putArray("outputs").addObject();
    output.put("name", "sum").put("datatype", "FP64");
    output.putArray("shape").add(rows);
    ArrayNode data = output.putArray("data");
    for (int row = 0; row < rows; row++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int column = 0; column < width; column++) {
        JsonNode value = input.path("data").path(row * width + column);
        sum = sum.add(value.isNumber() ? value.decimalValue() : BigDecimal.ZERO);
      }
      data.add(sum);
    }
    return ok(answer);
  }

  private static JsonNode profile() {
    return read(
        """
        {"rows": [
          {"engine": "trees", "provider": "cpu", "batch": 1, "threads": 1,
           "micros_per_run": 1.0625, "rows_per_second": 941176.4},
          {"engine": "onnx", "provider": "cpu", "batch": 32, "threads": 2,
           "micros_per_run": 118.25, "rows_per_second": 270613.1}],
         "unavailable": [{"provider": "cuda", "reason": "no device"}],
         "recommended": {"engine": "trees", "provider": "cpu", "max_batch_size": 64,
           "intra_op_threads": 1, "scheduling": "inline", "why": "fastest at every batch"}}
        """);
  }

  private static Answer page(Map<String, String> query, List<? extends JsonNode> all) {
    int from = query.containsKey("page_token") ? Integer.parseInt(query.get("page_token")) : 0;
    int to = Math.min(all.size(), from + Integer.parseInt(query.getOrDefault("page_size", "100")));
    ObjectNode page = object();
    ArrayNode items = page.putArray("items");
    all.subList(from, to).forEach(items::add);
    if (to < all.size()) {
      page.put("next_page_token", Integer.toString(to));
    }
    return ok(page);
  }

  private static Map<String, String> query(@Nullable String text) {
    Map<String, String> query = new HashMap<>();
    if (text != null) {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        query.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return query;
  }

  private static Answer ok(JsonNode body) {
    return new Answer(200, "application/json", body);
  }

  private static Answer problem(int status, String code, String detail) {
    ObjectNode problem = object().put("type", "about:blank").put("title", code);
    problem.put("status", status).put("detail", detail).put("code", code);
    return new Answer(status, "application/problem+json", problem.put("request_id", "req-1"));
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  private static JsonNode read(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Answer(int status, String contentType, JsonNode body) {}
}
