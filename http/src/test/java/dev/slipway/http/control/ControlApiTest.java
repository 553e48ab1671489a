package dev.slipway.http.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.verify.ReceiptCheck;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.identity.Caller;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.store.data.DataFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String YAML =
      """
      description: Card fraud
      inputs: [{name: x, fields: [{name: amount, min: 0, nan: reject}, {name: hour}]}]
      example_request: {inputs: [{name: x, shape: [1, 2], datatype: FP32, data: [12.50, 7]}]}
      """;

  private static final Caller ADMINISTRATOR = ControlApiScene.ADMINISTRATOR;

  @TempDir Path folder;
  private ControlApiScene scene;
  private DataFolder data;
  private AuditTrail trail;
  private ControlApi api;

  @BeforeEach
  void start() {
    scene = new ControlApiScene(folder);
    data = scene.data;
    trail = scene.trail;
    api = scene.api;
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
  }

  @Test
  void aFileIsRegisteredAndARetryIsHarmless() throws IOException {
    Answer first = registerFile("fraud", "linear 1 2");

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.body().path("model").textValue()).isEqualTo("fraud");
    assertThat(first.body().path("version").intValue()).isEqualTo(1);
    assertThat(first.body().path("format").textValue()).isEqualTo("onnx");
    assertThat(first.body().path("digest").textValue()).startsWith("sha256:");
    assertThat(first.body().path("example_request").isNull()).isTrue();
    assertThat(first.body().at("/signature/inputs/0/shape").toString()).isEqualTo("[-1,2]");
    assertThat(first.body().at("/settings/dynamic_batching/priority_levels").intValue()).isZero();

    Answer again = registerFile("fraud", "linear 1 2");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(data.temporary()).isEmptyDirectory();
  }

  @Test
  void aZipIsRegisteredWithItsDescription() throws IOException {
    Answer answer =
        call(
            "POST",
            "/api/v1/models/fraud/versions",
            Map.of(),
            Map.of("content-type", "application/zip; charset=binary"),
            zip("model.onnx", "linear 1 2", "slipway-model.yaml", YAML));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body().path("description").textValue()).isEqualTo("Card fraud");
    assertThat(answer.body().at("/signature/inputs/0/fields/0").toString())
        .isEqualTo(
            "{\"name\":\"amount\",\"description\":\"\",\"min\":0.0,\"categories\":[],"
                + "\"nan\":\"reject\"}");
    assertThat(answer.text()).contains("\"data\":[12.50,7]");
    assertThat(get("/api/v1/models/fraud/versions/1").body()).isEqualTo(answer.body());
  }

  @Test
  void anExampleThatItsOwnFieldsRefuseIsRefused() throws IOException {
    Answer answer =
        call(
            "POST",
            "/api/v1/models/fraud/versions",
            Map.of(),
            Map.of("content-type", "application/zip"),
            zip("model.onnx", "linear 1 2", "slipway-model.yaml", YAML.replace("12.50", "-1")));

    assertProblem(answer, ErrorCode.CONFIGURATION_INVALID, "example_request: inputs[0].data");
  }

  @Test
  void aDryRunChecksEverythingAndKeepsNothing() throws IOException {
    Answer dry =
        call(
            "POST",
            "/api/v1/models/fraud/versions",
            Map.of("filename", "model.onnx", "dry_run", "true"),
            Map.of(),
            text("linear 1 2"));

    assertThat(dry.status()).isEqualTo(200);
    assertThat(dry.body().path("version").intValue()).isEqualTo(1);
    assertThat(get("/api/v1/models").body().path("items")).isEmpty();
  }

  @Test
  void aModelIsDeployedUndoneAndSeen() throws IOException {
    registerFile("fraud", "linear 1");
    registerFile("fraud", "linear 2");

    Answer deployed = deploy("card-fraud", "{\"model\": \"fraud\", \"version\": 1}");
    assertThat(deployed.status()).isEqualTo(200);
    assertThat(deployed.body().path("state").textValue()).isEqualTo("READY");
    assertThat(deployed.body().path("engine").textValue()).isEqualTo("linear");
    assertThat(deployed.body().path("previous_version").intValue()).isZero();
    assertThat(deployed.body().path("revision").intValue()).isEqualTo(1);

    deploy("card-fraud", "{\"model\": \"fraud\", \"version\": 2}");
    Answer undone =
        call("POST", "/api/v1/deployments/card-fraud/undo", Map.of(), Map.of(), text(""));
    assertThat(undone.body().path("version").intValue()).isEqualTo(1);
    assertThat(undone.body().path("previous_version").intValue()).isEqualTo(2);
    assertThat(get("/api/v1/deployments/card-fraud").body()).isEqualTo(undone.body());
    assertThat(get("/api/v1/deployments").body().path("items").get(0)).isEqualTo(undone.body());
  }

  @Test
  void listsComeInPagesThatTokensContinue() throws IOException {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      registerFile(name, "linear 1");
    }

    List<String> names = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          call(
                  "GET",
                  "/api/v1/models",
                  Map.of("page_size", "2", "page_token", token),
                  Map.of(),
                  text(""))
              .body();
      page.path("items").forEach(item -> names.add(item.path("name").textValue()));
      sizes.add(page.path("items").size());
      token = page.path("next_page_token").textValue();
    } while (!token.isEmpty());

    assertThat(names).containsExactly("a", "b", "c", "d", "e");
    assertThat(sizes).containsExactly(2, 2, 1);
    assertThat(get("/api/v1/models").body().at("/items/0").has("versions")).isFalse();
    assertThat(get("/api/v1/models/a").body().path("versions")).hasSize(1);
  }

  @Test
  void aVersionIsProfiled() throws IOException {
    registerFile("fraud", "linear 1 2");

    Answer profile =
        call("POST", "/api/v1/models/fraud/versions/1/profile", Map.of(), Map.of(), text(""));

    assertThat(profile.status()).isEqualTo(200);
    assertThat(profile.body().path("rows")).hasSize(2);
    assertThat(profile.body().at("/rows/0/micros_per_run").doubleValue()).isPositive();
    assertThat(profile.body().at("/recommended/engine").textValue()).isEqualTo("linear");
  }

  @Test
  void theDoctorNamesEachCheck() throws IOException {
    registerFile("fraud", "linear 1");

    JsonNode checks = get("/api/v1/doctor").body().path("checks");

    assertThat(checks.findValuesAsText("name"))
        .containsExactly(
            "java",
            "disk",
            "data",
            "clock",
            "database",
            "audit",
            "audit-log",
            "audit-states",
            "artifacts",
            "deployments",
            "reviews");
    checks.forEach(
        check -> assertThat(check.path("status").textValue()).isIn("ok", "warning", "failed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /api/v1/models/absent                | NOT_FOUND          | 'absent'",
        "GET    | /api/v1/models/absent/versions/1     | NOT_FOUND          | 'absent'",
        "GET    | /api/v1/models/fraud/versions/0      | BAD_REQUEST        | NAME/VERSION",
        "GET    | /api/v1/models/fraud/versions/x      | BAD_REQUEST        | NAME/VERSION",
        "GET    | /api/v1/deployments/absent           | NOT_FOUND          | 'absent'",
        "POST   | /api/v1/deployments/absent/undo      | NOT_FOUND          | 'absent'",
        "GET    | /api/v1/nothing                      | NOT_FOUND          | /openapi.json",
        "GET    | /api/v1/models/                      | NOT_FOUND          | ''",
        "GET    | /api/v1/models/a/b/c/d/e             | NOT_FOUND          | not a path",
        "GET    | /api/v1/                             | NOT_FOUND          | not a path",
        "DELETE | /api/v1/models                       | METHOD_NOT_ALLOWED | expected: GET",
        "GET    | /api/v1/deployments/x/undo           | METHOD_NOT_ALLOWED | expected: POST",
        "POST   | /api/v1/models/fraud/versions        | BAD_REQUEST        | filename: ''",
        "POST   | /api/v1/models/a b/versions          | BAD_REQUEST        | name: 'a b'",
      })
  void whatIsNotThereOrNotAllowedIsAProblem(
      String method, String path, ErrorCode code, String detail) throws IOException {
    assertProblem(call(method, path, Map.of(), Map.of(), text("")), code, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\": \"fraud\"}                               | version: missing",
        "{\"version\": 1}                                     | model: missing",
        "{\"model\": \"fraud\", \"version\": \"1\"}           | version: \"1\" (expected: a whole",
        "{\"model\": \"fraud\", \"version\": 1.5}             | version: 1.5",
        "{\"model\": \"fraud\", \"version\": 0}               | version: 0",
        "{\"model\": \"fraud\", \"version\": 99999999999}     | version: 99999999999",
        "{\"model\": \"fraud\", \"version\": 1, \"to\": 2}    | unknown key 'to'",
        "{\"model\": \"a/b\", \"version\": 1}                 | name: 'a/b'",
        "[1]                                                  | expected: a JSON object",
        "{\"model\": \"fraud\", \"version\": 1} x             | body: ",
        "{                                                    | body: ",
        "``                                                   | expected: a JSON object",
      })
  void aDeploymentsBodyIsReadStrictly(String body, String detail) throws IOException {
    assertProblem(deploy("d", body), ErrorCode.BAD_REQUEST, detail);
  }

  @Test
  void aBodyTooLargeIsRefused() throws IOException {
    assertProblem(
        deploy("d", " ".repeat((1 << 16) + 1)), ErrorCode.PAYLOAD_TOO_LARGE, "65536 bytes");
  }

  @ParameterizedTest
  @CsvSource({"page_size, 0", "page_size, 1001", "page_size, many", "page_token, %%%"})
  void badPagesAreRefused(String key, String value) throws IOException {
    assertProblem(
        call("GET", "/api/v1/models", Map.of(key, value), Map.of(), text("")),
        ErrorCode.BAD_REQUEST,
        key);
  }

  @Test
  void aCorruptModelIsRefusedWithTheReason() throws IOException {
    assertProblem(registerFile("fraud", "garbage"), ErrorCode.MODEL_INVALID, "no linear model");
    assertThat(get("/api/v1/models").body().path("items")).isEmpty();
  }

  @Test
  void whatTheBodyFailsWithIsAnswered() throws IOException {
    InputStream body =
        new InputStream() {
          @Override
          public int read() {
            throw new SlipwayException(ErrorCode.PAYLOAD_TOO_LARGE, "body: more than 5 bytes");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return read();
          }
        };

    assertProblem(
        call("PUT", "/api/v1/deployments/d", Map.of(), Map.of(), body),
        ErrorCode.PAYLOAD_TOO_LARGE,
        "5 bytes");
  }

  @Test
  void aFaultOfTheServerSaysNothingButWhereToLook() throws Exception {
    registerFile("fraud", "linear 1");
    scene.close();

    Answer answer = get("/api/v1/models/fraud");
    assertProblem(answer, ErrorCode.STORE_UNAVAILABLE, "closed");

    InputStream broken =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("a secret of the implementation");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return read();
          }
        };
    Answer internal = call("PUT", "/api/v1/deployments/d", Map.of(), Map.of(), broken);
    assertProblem(internal, ErrorCode.INTERNAL, "request id request-1");
    assertThat(internal.text()).doesNotContain("secret");
  }

  @Test
  void everyChangeIsAnEntryOfTheAuditLogAndOfTheHistory() throws IOException {
    registerFile("fraud", "linear 1 2");
    registerFile("fraud", "linear 3 4");
    deploy("live", "{\"model\": \"fraud\", \"version\": 1}");
    Instant between = Instant.now();
    deploy("live", "{\"model\": \"fraud\", \"version\": 2}");
    call("POST", "/api/v1/deployments/live/undo", Map.of(), Map.of(), text(""));

    JsonNode newest = get("/api/v1/audit/entries").body();
    assertThat(newest.path("items").findValuesAsText("index"))
        .containsExactly("4", "3", "2", "1", "0");
    assertThat(newest.path("next_page_token").asText()).isEmpty();
    assertThat(newest.at("/items/0/entry/action").asText()).isEqualTo("deployment.undone");
    assertThat(newest.at("/items/0/entry/actor/kind").asText()).isEqualTo("service-account");
    assertThat(newest.at("/items/4/entry/subject/name").asText()).isEqualTo("fraud/1");

    JsonNode history = get("/api/v1/deployments/live/history").body().path("items");
    assertThat(history.findValuesAsText("version")).containsExactly("1", "2", "1");
    assertThat(history.findValuesAsText("audit_index")).containsExactly("4", "3", "2");
    assertThat(history.at("/0/until").isNull()).isTrue();
    assertThat(history.at("/1/until")).isEqualTo(history.at("/0/from"));
    assertThat(history.at("/1/state")).isEqualTo(newest.at("/items/1/entry/after"));
    assertThat(history.at("/1/actor/kind").asText()).isEqualTo("service-account");

    assertThat(historyAt(between.toString()).at("/items/0/revision").asInt()).isEqualTo(1);
    assertThat(historyAt("2020-01-01T00:00:00Z").path("items")).isEmpty();
    assertProblem(
        call("GET", "/api/v1/deployments/live/history", Map.of("at", "noon"), Map.of(), text("")),
        ErrorCode.BAD_REQUEST,
        "at: 'noon'");
    assertProblem(get("/api/v1/deployments/absent/history"), ErrorCode.NOT_FOUND, "absent");
  }

  private JsonNode historyAt(String time) throws IOException {
    return call("GET", "/api/v1/deployments/live/history", Map.of("at", time), Map.of(), text(""))
        .body();
  }

  @Test
  void theAuditLogComesInPagesFromEitherEnd() throws IOException {
    for (int i = 1; i <= 5; i++) {
      registerFile("m" + i, "linear " + i);
    }

    assertThat(pages(Map.of("page_size", "2"))).containsExactly("4,3", "2,1", "0");
    assertThat(pages(Map.of("page_size", "2", "from", "1"))).containsExactly("1,2", "3,4", "");
    assertThat(pages(Map.of("from", "9"))).containsExactly("");
    assertProblem(
        call("GET", "/api/v1/audit/entries", Map.of("from", "-1"), Map.of(), text("")),
        ErrorCode.BAD_REQUEST,
        "from: '-1'");
    assertProblem(get("/api/v1/audit/entries/5"), ErrorCode.NOT_FOUND, "audit entry 5");
    assertProblem(get("/api/v1/audit/entries/x"), ErrorCode.BAD_REQUEST, "index: 'x'");
  }

  private List<String> pages(Map<String, String> query) throws IOException {
    List<String> pages = new ArrayList<>();
    Map<String, String> next = new HashMap<>(query);
    do {
      JsonNode page = call("GET", "/api/v1/audit/entries", next, Map.of(), text("")).body();
      pages.add(String.join(",", page.path("items").findValuesAsText("index")));
      next.put("page_token", page.path("next_page_token").asText());
    } while (!String.valueOf(next.get("page_token")).isEmpty());
    return pages;
  }

  @Test
  void theLogsFilesAreThoseOfATiledLogAndAReceiptProvesAnEntry() throws IOException {
    registerFile("fraud", "linear 1 2");
    trail.log().integrate();

    ControlResponse checkpoint = file("checkpoint");
    assertThat(checkpoint.contentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(checkpoint.headers()).containsEntry("cache-control", "no-store");
    SignedCheckpoint signed = SignedCheckpoint.parse(checkpoint.body());
    assertThat(
            signed.isSignedBy(
                VerifierKey.parse(new String(file("log.vkey").body(), UTF_8).strip())))
        .isTrue();
    ControlResponse tile = file("tile/0/000.p/1");
    assertThat(tile.contentType()).isEqualTo("application/octet-stream");
    assertThat(tile.headers()).containsEntry("cache-control", "max-age=31536000, immutable");
    assertThat(tile.body()).hasSize(32);
    assertThat(file("tile/entries/000.p/1").body()).hasSizeGreaterThan(100);

    Answer receipt = get("/api/v1/audit/entries/0/receipt");
    assertThat(receipt.contentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(
            ReceiptCheck.refusal(
                Receipt.parse(receipt.text().getBytes(UTF_8)),
                trail.entry(0).leaf(),
                trail.log().verifier(),
                WitnessQuorum.NONE))
        .isEmpty();
    for (String absent :
        List.of("tile/0/001", "tile/9/000", "../control.db", "tile/../../audit.key", "audit.key")) {
      assertProblem(get("/api/v1/audit/log/" + absent), ErrorCode.NOT_FOUND, "");
    }
    assertProblem(get("/api/v1/audit/entries/7/receipt"), ErrorCode.NOT_FOUND, "audit entry 7");
  }

  private ControlResponse file(String name) {
    return api.handle(
        new ControlRequest(
            "GET",
            "/api/v1/audit/log/" + name,
            Map.of(),
            Map.of(),
            ADMINISTRATOR,
            text(""),
            "request-1"));
  }

  @Test
  void theMetricsTellHowTheLogIsDoing() throws IOException {
    registerFile("fraud", "linear 1 2");

    String names =
        api.collectors().getFirst().collect().stream()
            .map(snapshot -> snapshot.getMetadata().getName())
            .sorted()
            .toList()
            .toString();
    assertThat(names)
        .isEqualTo(
            "[slipway_audit_failures, slipway_audit_integrated, slipway_audit_refusing,"
                + " slipway_audit_size]");
  }

  @Test
  void noRouteAnswersWhoeverIsNotKnownOrMayDoNothing() throws IOException {
    JsonNode document;
    try (InputStream resource =
        ControlApi.class.getResourceAsStream("/dev/slipway/http/openapi/openapi.json")) {
      document = JSON.readTree(resource);
    }
    Caller anonymous = new Caller(Principal.ANONYMOUS, new AccessCounts());
    Caller powerless =
        new Caller(
            new Principal(
                "powerless",
                PrincipalKind.SERVICE,
                new Actor.ServiceAccount("powerless"),
                Rights.NONE,
                null),
            new AccessCounts());
    int asked = 0;
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (!path.getKey().startsWith("/api/v1/")
          || path.getKey().endsWith("/redeem")
          || path.getKey().endsWith("/sign-in")) {
        continue;
      }
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        String filled =
            path.getKey().replace("{version}", "1").replaceAll("\\{[^}]+}", "checkpoint");
        assertThat(status(anonymous, method, filled)).as(method + filled).isEqualTo(401);
        assertThat(status(powerless, method, filled)).as(method + filled).isEqualTo(403);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(25);
    assertThat(status(anonymous, "GET", "/api/v1/such")).isEqualTo(401);
    assertThat(status(anonymous, "PATCH", "/api/v1/models")).isEqualTo(401);
    assertThat(status(anonymous, "POST", "/api/v1/invitations/redeem")).as("open").isEqualTo(400);
  }

  private int status(Caller caller, String method, String path) {
    return api.handle(
            new ControlRequest(method, path, Map.of(), Map.of(), caller, text(""), "request-1"))
        .status();
  }

  @Test
  void theLocalCallerHasExactlyWhatTheLoopbackGives() {
    Caller local = new Caller(Principal.LOCAL, new AccessCounts());
    for (String path : List.of("models", "deployments", "whoami")) {
      assertThat(status(local, "GET", "/api/v1/" + path)).as(path).isEqualTo(200);
    }
    for (String path : List.of("accounts", "accounts/ana/tokens", "audit/entries", "doctor")) {
      assertThat(status(local, "GET", "/api/v1/" + path)).as(path).isEqualTo(403);
    }
    assertThat(status(local, "POST", "/api/v1/accounts/ana/tokens")).isEqualTo(403);
  }

  @Test
  void accountsTokensAndInvitationsAreManaged() throws IOException {
    assertThat(
            call(
                    "POST",
                    "/api/v1/accounts",
                    text(
                        """
                        {"name":"ana@example.com","kind":"person","roles":["approver"]}
                        """))
                .status())
        .isEqualTo(200);
    assertThat(
            call("POST", "/api/v1/accounts/ana@example.com/allow", text("{\"roles\":[\"viewer\"]}"))
                .body()
                .path("roles")
                .toString())
        .isEqualTo("[\"approver\",\"viewer\"]");
    Answer invited = call("POST", "/api/v1/accounts/ana@example.com/invitations", text(""));
    String code = invited.body().path("code").textValue();
    JsonNode first =
        call(
                "POST",
                "/api/v1/invitations/redeem",
                text("{\"code\":\"%s\",\"name\":\"ana@example.com\"}".formatted(code)))
            .body();
    assertThat(first.path("token").textValue()).startsWith("slp_");
    assertThat(get("/api/v1/accounts/ana@example.com/tokens").text())
        .contains(first.path("id").textValue())
        .doesNotContain(first.path("token").textValue());

    call("POST", "/api/v1/accounts", text("{\"name\":\"shop\",\"kind\":\"service\"}"));
    JsonNode scoped =
        call(
                "POST",
                "/api/v1/accounts/shop/tokens",
                text("{\"grants\":[\"infer:deployment/fraud\"],\"lifetime_seconds\":60}"))
            .body();
    assertThat(scoped.path("scope").path("grants").get(0).textValue())
        .isEqualTo("infer:deployment/fraud");
    String id = scoped.path("id").textValue();
    assertThat(call("DELETE", "/api/v1/accounts/ana@example.com/tokens/" + id, text("")).status())
        .as("of another account")
        .isEqualTo(404);
    assertThat(
            call("DELETE", "/api/v1/accounts/shop/tokens/" + id, text(""))
                .body()
                .path("revoked_at")
                .isNull())
        .isFalse();
    assertThat(get("/api/v1/accounts").body().path("items").size()).isEqualTo(2);
    assertProblem(
        call("POST", "/api/v1/accounts", text("{\"name\":\"x\",\"kind\":\"robot\"}")),
        ErrorCode.BAD_REQUEST,
        "kind: \"robot\"");
    assertProblem(
        call("POST", "/api/v1/accounts/shop/allow", text("{\"grants\":[\"infer:model/x\"]}")),
        ErrorCode.BAD_REQUEST,
        "infer:model/x");
  }

  private Answer call(String method, String path, InputStream body) {
    return call(method, path, Map.of(), Map.of(), body);
  }

  private record Answer(int status, String contentType, String text) {
    JsonNode body() throws IOException {
      return JSON.readTree(text);
    }
  }

  private Answer registerFile(String name, String model) throws IOException {
    return call(
        "POST",
        "/api/v1/models/" + name + "/versions",
        Map.of("filename", "model.onnx"),
        Map.of("content-type", "application/octet-stream"),
        text(model));
  }

  private Answer deploy(String name, String body) {
    return call("PUT", "/api/v1/deployments/" + name, Map.of(), Map.of(), text(body));
  }

  private Answer get(String path) {
    return call("GET", path, Map.of(), Map.of(), text(""));
  }

  private Answer call(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      InputStream body) {
    ControlResponse response =
        api.handle(
            new ControlRequest(method, path, query, headers, ADMINISTRATOR, body, "request-1"));
    return new Answer(
        response.status(), response.contentType(), new String(response.body(), UTF_8));
  }

  private static void assertProblem(Answer answer, ErrorCode code, String detail)
      throws IOException {
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.body().path("code").textValue()).as(answer.text()).isEqualTo(code.name());
    assertThat(answer.status()).isEqualTo(code.httpStatus());
    assertThat(answer.body().path("status").intValue()).isEqualTo(code.httpStatus());
    assertThat(answer.body().path("detail").textValue()).contains(detail);
    assertThat(answer.body().path("request_id").textValue()).isEqualTo("request-1");
    assertThat(answer.body().path("type").textValue()).isEqualTo("about:blank");
    assertThat(answer.body().path("title").textValue()).isNotEmpty();
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static InputStream zip(String... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndContents[i]));
        zip.write(namesAndContents[i + 1].getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
