package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.store.audit.FolderTileSource;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People and policies, as they meet the assembled server. */
@Timeout(180)
class PromotionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASK =
      """
      {"inputs": [{"name": "input", "shape": [1, 1], "datatype": "FP32", "data": [3]}]}\
      """;

  private static final String BENCHMARK =
      "{gate: benchmark, metric: auc, label: y, metric_min: 0.9}";

  @TempDir Path folder;
  private ServerUnderTest server;
  private String admin;
  private String anna;
  private String ben;

  @BeforeEach
  void start() throws Exception {
    server = ServerUnderTest.start(data(), ServerUnderTest.freePort());
    admin = Files.readString(data().resolve("admin.token")).strip();
    anna = person("anna", "developer", "approver", "admin");
    ben = person("ben", "approver", "operator");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private String person(String name, String... roles) throws Exception {
    JsonNode account =
        JSON.createObjectNode()
            .put("name", name)
            .put("kind", "person")
            .set("roles", JSON.valueToTree(roles));
    json(send(admin, "POST", "/api/v1/accounts", account.toString()));
    String code =
        json(send(admin, "POST", "/api/v1/accounts/" + name + "/invitations", ""))
            .path("code")
            .asText();
    JsonNode redeemed = JSON.createObjectNode().put("code", code).put("name", name);
    return json(send(admin, "POST", "/api/v1/invitations/redeem", redeemed.toString()))
        .path("token")
        .asText();
  }

  private HttpResponse<String> send(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    return server.sendAs(token, method, path, body);
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  private void register(String token, int... steps) throws Exception {
    assertThat(
            server
                .send(
                    server
                        .request("/api/v1/models/m/versions?filename=m.txt")
                        .header("authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(new StepModel(steps[0], steps[1]).text()))
                        .build())
                .statusCode())
        .isEqualTo(201);
  }

  private HttpResponse<String> deploy(String token, int version) throws Exception {
    return send(
        token,
        "PUT",
        "/api/v1/deployments/live",
        "{\"model\": \"m\", \"version\": %d, \"environment\": \"prod\"}".formatted(version));
  }

  private HttpResponse<String> approve(String token, long id) throws Exception {
    return send(token, "POST", "/api/v1/promotions/" + id + "/approve", "{}");
  }

  private JsonNode promotion(long id) throws Exception {
    return json(send(admin, "GET", "/api/v1/promotions/" + id, ""));
  }

  /** The policy of these tests: one approver, and no gate that the little model would not pass. */
  private void activate(String policy) throws Exception {
    JsonNode proposed = json(send(anna, "POST", "/api/v1/policies", policy));
    assertThat(
            send(anna, "POST", "/api/v1/policies/" + proposed.path("id").asLong() + "/approve", "")
                .statusCode())
        .as("its proposer cannot approve it")
        .isEqualTo(403);
    json(send(ben, "POST", "/api/v1/policies/" + proposed.path("id").asLong() + "/approve", ""));
  }

  private static String policy(int approvers) {
    return """
    policy: 1
    environments:
      prod:
        gates: [{gate: artifact-scan}]
        approvals: [{role: approver, count: %d}]
        approval_valid_hours: 72
        evidence_age_hours_max: 168
        break_glass: {role: operator, valid_minutes: 60, review_within_hours: 24}
    aliases: {champion: prod}
    stages: {Production: prod}
    """
        .formatted(approvers);
  }

  @Test
  void nothingReachesProductionWithoutSomebodyElsesYes() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    HttpResponse<String> refused = deploy(anna, 1);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("POLICY_REFUSED", "promotion 1", "slipway approve 1");
    assertThat(approve(anna, 1).body()).contains("anna", "may not approve");
    assertThat(approve(admin, 1).statusCode()).as("a service account").isEqualTo(403);
    assertThat(json(approve(ben, 1)).path("state").asText()).isEqualTo("APPROVED");
    assertThat(deploy(anna, 1).statusCode()).isEqualTo(200);
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode()).isEqualTo(200);
    assertThat(promotion(1).path("state").asText()).isEqualTo("DEPLOYED");

    register(anna, 3, 4);
    assertThat(deploy(anna, 2).statusCode()).isEqualTo(403);
    json(approve(ben, 2));
    assertThat(deploy(anna, 2).statusCode()).isEqualTo(200);
    assertThat(promotion(1).path("state").asText()).isEqualTo("SUPERSEDED");
    assertThat(send(ben, "POST", "/api/v1/deployments/live/undo", "").statusCode())
        .as("a rollback needs no new approval")
        .isEqualTo(200);
    assertThat(promotion(1).path("state").asText()).isEqualTo("DEPLOYED");

    assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    assertThat(
            AuditVerifier.verify(
                    new FolderTileSource(data().resolve("audit")), Trust.none(), (read, all) -> {})
                .findings())
        .isEmpty();
    server = ServerUnderTest.start(data(), ServerUnderTest.freePort());
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode())
        .as("a restart needs no new approval")
        .isEqualTo(200);
  }

  @Test
  void aRowThatSaysApprovedIsNotBelievedWithoutItsReceipt() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    deploy(anna, 1);
    json(approve(ben, 1));
    assertThat(deploy(anna, 1).statusCode()).isEqualTo(200);
    assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + data().resolve("control.db"));
        PreparedStatement forge =
            database.prepareStatement(
                "UPDATE promotion_receipt SET entry = entry - 1, receipt = NULL")) {
      assertThat(forge.executeUpdate()).isEqualTo(1);
    }
    server = ServerUnderTest.startDegraded(data(), ServerUnderTest.freePort());
    HttpResponse<String> answer = server.post("/v2/models/live/infer", ASK);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("no valid receipt");
  }

  @Test
  void oneOfTwoRacingSubmittersGoesLiveAndBothAreLogged() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    register(anna, 3, 4);
    assertThat(deploy(anna, 1).statusCode()).isEqualTo(403);
    assertThat(deploy(anna, 2).statusCode()).isEqualTo(403);
    json(approve(ben, 1));
    json(approve(ben, 2));
    List<Integer> statuses = together(() -> deploy(anna, 1), () -> deploy(ben, 2));
    assertThat(statuses).containsOnlyOnce(200).hasSize(2).isSubsetOf(200, 403, 409);
    int winner = statuses.getFirst() == 200 ? 1 : 2;
    assertThat(promotion(winner).path("state").asText()).isEqualTo("DEPLOYED");
    JsonNode loser = promotion(3 - winner);
    assertThat(loser.path("state").asText()).isEqualTo("DRAFT");
    assertThat(loser.path("note").asText()).contains("what serves at deployment/live has changed");
  }

  @Test
  void anApprovalOfWhatHasChangedMeanwhileIsRefused() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    deploy(anna, 1);
    String seen = promotion(1).path("binding").path("digest").asText();
    activate(policy(2));
    HttpResponse<String> late =
        send(ben, "POST", "/api/v1/promotions/1/approve", "{\"binding\": \"%s\"}".formatted(seen));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(promotion(1).path("note").asText()).contains("the policy has changed");
    assertThat(promotion(1).path("state").asText()).isEqualTo("DRAFT");
  }

  @Test
  void brokenGlassGoesLiveAtOnceAndWaitsForItsReview() throws Exception {
    activate(policy(2));
    register(anna, 1, 2);
    deploy(anna, 1);
    HttpResponse<String> developer =
        send(anna, "POST", "/api/v1/promotions/1/break-glass", "{\"reason\": \"fire\"}");
    assertThat(developer.statusCode()).isEqualTo(403);
    json(send(ben, "POST", "/api/v1/promotions/1/break-glass", "{\"reason\": \"incident 7\"}"));
    assertThat(deploy(ben, 1).statusCode()).isEqualTo(200);
    assertThat(
            send(ben, "POST", "/api/v1/promotions/1/review", "{\"reason\": \"fine\"}").statusCode())
        .isEqualTo(403);
    String cleo = person("cleo", "approver");
    JsonNode reviewed =
        json(send(cleo, "POST", "/api/v1/promotions/1/review", "{\"reason\": \"justified\"}"));
    assertThat(reviewed.path("broken_glass").path("reviewer").asText()).isEqualTo("cleo");
  }

  @Test
  void aRevokedPromotionIsNotLoadedAgain() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    deploy(anna, 1);
    json(approve(ben, 1));
    assertThat(deploy(anna, 1).statusCode()).isEqualTo(200);
    json(send(ben, "POST", "/api/v1/promotions/1/revoke", "{\"reason\": \"leaked labels\"}"));
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode())
        .as("what serves by it stops at once")
        .isEqualTo(503);
    for (String operation : List.of("unload", "load")) {
      server.post("/v2/repository/models/live/" + operation, "");
      assertThat(server.post("/v2/models/live/infer", ASK).statusCode())
          .as("after " + operation)
          .isEqualTo(503);
    }
    HttpResponse<String> again = deploy(anna, 1);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(403);
    assertThat(again.body()).contains("POLICY_REFUSED");
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode()).isEqualTo(503);
    server.stop();
    server = ServerUnderTest.startDegraded(data(), ServerUnderTest.freePort());
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode()).isEqualTo(503);
  }

  /** One after the other, so that the first can be gone back to. */
  private void bringTwoVersionsLive() throws Exception {
    for (int version = 1; version <= 2; version++) {
      register(anna, version, version + 2);
      deploy(anna, version);
      json(approve(ben, version));
      assertThat(deploy(anna, version).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aDeploymentThatWasUndoneFirstAnswersOnAfterARevocation() throws Exception {
    activate(policy(1));
    bringTwoVersionsLive();
    json(send(ben, "POST", "/api/v1/deployments/live/undo", ""));
    json(send(ben, "POST", "/api/v1/promotions/2/revoke", "{\"reason\": \"leaked labels\"}"));
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode()).isEqualTo(200);
    assertThat(send(ben, "POST", "/api/v1/deployments/live/undo", "").statusCode())
        .as("redo would load what was revoked")
        .isEqualTo(403);
    assertThat(server.post("/v2/models/live/infer", ASK).statusCode()).isEqualTo(200);
  }

  @Test
  void whoForgetsTheEnvironmentIsAskedForIt() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    deploy(anna, 1);
    HttpResponse<String> forgot =
        send(anna, "PUT", "/api/v1/deployments/live", "{\"model\": \"m\", \"version\": 1}");
    assertThat(forgot.statusCode()).isEqualTo(409);
    assertThat(forgot.body()).contains("promotion 1", "--env prod");
  }

  @Test
  void aRollbackGoesOnWhenThePolicyForgetsTheEnvironment() throws Exception {
    activate(policy(1));
    bringTwoVersionsLive();
    register(anna, 5, 6);
    deploy(anna, 3);
    activate(policy(1).replace("prod", "elsewhere"));
    JsonNode open = promotion(3);
    assertThat(open.at("/missing/0/what").asText()).contains("rules of environment 'prod'");
    HttpResponse<String> refused = approve(ben, 3);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("POLICY_REFUSED", "slipway policy propose");
    assertThat(send(ben, "POST", "/api/v1/deployments/live/undo", "").statusCode()).isEqualTo(200);
    assertThat(deploy(anna, 3).statusCode()).isEqualTo(403);
  }

  @Test
  void mlflowsClientsMoveProtectedAliasesAndStagesOnlyWithAnApproval() throws Exception {
    activate(policy(1));
    register(anna, 1, 2);
    String champion = "{\"name\": \"m\", \"alias\": \"champion\", \"version\": \"1\"}";
    HttpResponse<String> refused = mlflow("POST", "registered-models/alias", champion);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("PERMISSION_DENIED", "promotion 1", "slipway approve 1");
    json(approve(ben, 1));
    assertThat(mlflow("POST", "registered-models/alias", champion).statusCode()).isEqualTo(200);
    assertThat(mlflow("POST", "registered-models/alias", champion).statusCode())
        .as("the same again")
        .isEqualTo(200);
    assertThat(
            mlflow(
                    "POST",
                    "registered-models/alias",
                    "{\"name\": \"m\", \"alias\": \"free\", \"version\": \"1\"}")
                .statusCode())
        .as("an alias that nobody protects")
        .isEqualTo(200);
    for (String[] call :
        new String[][] {
          {"DELETE", "registered-models/alias", "{\"name\": \"m\", \"alias\": \"champion\"}"},
          {"POST", "registered-models/rename", "{\"name\": \"m\", \"new_name\": \"n\"}"},
          {"DELETE", "registered-models/delete", "{\"name\": \"m\"}"},
          {"DELETE", "model-versions/delete", "{\"name\": \"m\", \"version\": \"1\"}"}
        }) {
      HttpResponse<String> answer = mlflow(call[0], call[1], call[2]);
      assertThat(answer.statusCode()).as(call[1] + answer.body()).isEqualTo(403);
    }
    String production = "{\"name\": \"m\", \"version\": \"1\", \"stage\": \"Production\"}";
    assertThat(mlflow("POST", "model-versions/transition-stage", production).body())
        .contains("PERMISSION_DENIED", "promotion 2");
    json(approve(ben, 2));
    assertThat(mlflow("POST", "model-versions/transition-stage", production).statusCode())
        .isEqualTo(200);
    assertThat(
            mlflow(
                    "POST",
                    "model-versions/transition-stage",
                    production.replace("Production", "Archived"))
                .statusCode())
        .isEqualTo(403);
    assertThat(promotion(1).path("state").asText()).isEqualTo("DEPLOYED");
  }

  @Test
  void aVersionThatIsWorseThanWhatServesIsNotOfferedToPeople() throws Exception {
    activate(policy(1).replace("{gate: artifact-scan}", BENCHMARK));
    register(anna, 0, 1);
    assertThat(deploy(anna, 1).body()).contains("gate benchmark: INCONCLUSIVE");
    JsonNode passed = json(gates(1));
    assertThat(passed.path("state").asText()).isEqualTo("AWAITING_APPROVAL");
    json(approve(ben, 1));
    assertThat(deploy(anna, 1).statusCode()).isEqualTo(200);

    register(anna, 1, 0);
    assertThat(deploy(anna, 2).statusCode()).isEqualTo(403);
    JsonNode failed = json(gates(2));
    assertThat(failed.path("state").asText()).isEqualTo("DRAFT");
    assertThat(failed.at("/results/0/verdict").asText()).isEqualTo("FAILED");
    assertThat(approve(ben, 2).statusCode()).as("a draft").isEqualTo(409);
    JsonNode evidence =
        json(send(admin, "GET", "/api/v1/promotions/2/evidence", "")).at("/items/0");
    assertThat(evidence.at("/measurements/candidate").asDouble()).isZero();
    assertThat(evidence.at("/measurements/incumbent").asDouble()).isEqualTo(1);
    assertThat(evidence.at("/inputs").isEmpty()).isFalse();
    String digest = evidence.path("digest").asText();
    assertThat(send(admin, "GET", "/api/v1/evidence/" + digest, "").body())
        .contains("\"gate\":\"benchmark\"");
  }

  private HttpResponse<String> gates(long id) throws Exception {
    StringBuilder rows = new StringBuilder("x,y\n");
    for (int i = 0; i < 200; i++) {
      rows.append(i % 2).append(',').append(i % 2).append('\n');
    }
    return send(
        anna, "POST", "/api/v1/promotions/" + id + "/gates?holdout=rows.csv", rows.toString());
  }

  private HttpResponse<String> mlflow(String method, String path, String body) throws Exception {
    return send(anna, method, "/api/2.0/mlflow/" + path, body);
  }

  private static List<Integer> together(
      Callable<HttpResponse<String>> one, Callable<HttpResponse<String>> other) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> statuses = new ArrayList<>();
      for (Future<HttpResponse<String>> future : threads.invokeAll(List.of(one, other))) {
        statuses.add(future.get().statusCode());
      }
      return statuses;
    }
  }

  @Test
  void aModelThatIsNotServedHereReachesAnAliasByTheSameWay() throws Exception {
    activate(policy(1));
    String mlflow = "/api/2.0/mlflow";
    String folder = "0/r/artifacts/model/";
    put(folder + "MLmodel", "flavors:\n  prophet: {}\nmlflow_version: 3.1.0\n");
    put(folder + "model.json", "{}");
    json(send(anna, "POST", mlflow + "/registered-models/create", "{\"name\":\"sales\"}"));
    JsonNode version =
        json(
            send(
                anna,
                "POST",
                mlflow + "/model-versions/create",
                "{\"name\":\"sales\",\"source\":\"mlflow-artifacts:/0/r/artifacts/model\"}"));
    assertThat(version.path("model_version").path("version").asText()).isEqualTo("1");
    String alias = "{\"name\":\"sales\",\"alias\":\"champion\",\"version\":\"1\"}";

    HttpResponse<String> refused = send(anna, "POST", mlflow + "/registered-models/alias", alias);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("promotion 1", "slipway approve 1");
    assertThat(json(approve(ben, 1)).path("state").asText()).isEqualTo("APPROVED");
    json(send(anna, "POST", mlflow + "/registered-models/alias", alias));
    assertThat(promotion(1).path("state").asText()).isEqualTo("DEPLOYED");

    HttpResponse<String> served =
        send(
            anna,
            "PUT",
            "/api/v1/deployments/sales",
            "{\"model\": \"sales\", \"version\": 1, \"environment\": \"prod\"}");
    assertThat(served.statusCode()).isEqualTo(403);
    assertThat(served.body()).contains("of its flavors (prophet) none is served here");
  }

  private void put(String path, String content) throws Exception {
    assertThat(
            send(anna, "PUT", "/api/2.0/mlflow-artifacts/artifacts/" + path, content).statusCode())
        .isEqualTo(200);
  }
}
