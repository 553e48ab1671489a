package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed at random moments while accounts, tokens, runs, models, promotions, policies
 * and webhooks are changed. Whatever was acknowledged is there after the restart, each change has
 * its entry in the audit log, and the log verifies.
 */
class GovernedKillTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHANGES_LEAST = 5;

  /** Of what was acknowledged in earlier lives so many are looked at again after each kill. */
  private static final int LOOKED_AT_AGAIN = 40;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void threeKillsLoseNothing() throws Exception {
    killRepeatedly(3, 20261126);
  }

  @Test
  @Tag("long")
  @Timeout(1800)
  void fiftyKillsLoseNothing() throws Exception {
    killRepeatedly(50, 20261127);
  }

  private void killRepeatedly(int kills, long seed) throws Exception {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Path data = folder.resolve("data");
    List<Fact> facts = new ArrayList<>();
    int known = 0;
    for (int kill = 0; kill <= kills; kill++) {
      try (ServerUnderTest server =
          ServerUnderTest.start(data, ServerUnderTest.freePort(), "--webhook-places=localhost:1")) {
        Client client = new Client(server, Files.readString(data.resolve("admin.token")).strip());
        verify(client, facts, known, random);
        known = facts.size();
        if (kill < kills) {
          changeUntilKilled(client, facts, random);
        }
      }
    }
    System.out.printf("%d kills, %d acknowledged changes, none lost%n", kills, facts.size());
  }

  /** Something that was acknowledged. */
  private record Fact(String what, Check check) {
    interface Check {
      boolean holds(Client client) throws Exception;
    }
  }

  private static void verify(Client client, List<Fact> facts, int known, SplittableRandom random)
      throws Exception {
    List<Fact> examined = new ArrayList<>(facts.subList(known, facts.size()));
    for (int i = 0; i < LOOKED_AT_AGAIN && known > 0; i++) {
      examined.add(facts.get(random.nextInt(known)));
    }
    for (Fact fact : examined) {
      assertThat(fact.check().holds(client)).as(fact.what()).isTrue();
    }
    JsonNode newest = client.get("/api/v1/audit/entries?page_size=1").path("items");
    assertThat(newest.isEmpty() ? 0 : newest.get(0).path("index").asInt() + 1)
        .as("entries of the log")
        .isGreaterThanOrEqualTo(
            (int) facts.stream().filter(fact -> !fact.what().startsWith("run")).count());
    for (JsonNode check : client.get("/api/v1/doctor").path("checks")) {
      assertThat(check.path("status").asText()).as(check.toString()).isNotEqualTo("failed");
    }
  }

  private static void changeUntilKilled(Client client, List<Fact> facts, SplittableRandom random)
      throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    AtomicInteger changes = new AtomicInteger();
    SplittableRandom changing = random.split();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> changer =
          thread.submit(
              () -> {
                try {
                  while (!killed.get()) {
                    facts.add(change(client, changing));
                    changes.incrementAndGet();
                  }
                } catch (IOException e) {
                  if (!killed.get()) {
                    throw e;
                  }
                }
                return null;
              });
      TimeUnit.MILLISECONDS.sleep(random.nextLong(200, 1_500));
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (changes.get() < CHANGES_LEAST && !changer.isDone() && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      killed.set(true);
      client.server.kill();
      changer.get(30, TimeUnit.SECONDS);
    }
    assertThat(changes.get()).as("acknowledged changes").isGreaterThanOrEqualTo(CHANGES_LEAST);
  }

  private static Fact change(Client client, SplittableRandom random) throws Exception {
    String name = Long.toHexString(random.nextLong());
    return switch (random.nextInt(6)) {
      case 0 -> account(client, name);
      case 1 -> token(client, name, random.nextBoolean());
      case 2 -> run(client, name);
      case 3 -> alias(client, name, random.nextDouble());
      case 4 -> promotion(client, name, random.nextDouble());
      default -> policyOrWebhook(client, name, random.nextBoolean());
    };
  }

  private static Fact account(Client client, String name) throws Exception {
    client.post("/api/v1/accounts", "{\"name\":\"%s\",\"kind\":\"service\"}".formatted(name));
    client.post(
        "/api/v1/accounts/" + name + "/allow", "{\"grants\":[\"infer:deployment/fraud@7/day\"]}");
    return new Fact(
        "account " + name,
        later ->
            later
                .get("/api/v1/accounts/" + name)
                .path("grants")
                .toString()
                .contains("infer:deployment/fraud@7/day"));
  }

  private static Fact token(Client client, String name, boolean revoked) throws Exception {
    client.post(
        "/api/v1/accounts",
        "{\"name\":\"%s\",\"kind\":\"service\",\"roles\":[\"viewer\"]}".formatted(name));
    JsonNode made = client.post("/api/v1/accounts/" + name + "/tokens", "{\"purpose\":\"kill\"}");
    String token = made.path("token").asText();
    if (revoked) {
      client.send("DELETE", "/api/v1/accounts/" + name + "/tokens/" + made.path("id").asText(), "");
    }
    return new Fact(
        "token of " + name,
        later -> new Client(later.server, token).status("/v2") == (revoked ? 401 : 200));
  }

  private static Fact run(Client client, String name) throws Exception {
    String mlflow = "/api/2.0/mlflow";
    String experiment =
        client
            .post(mlflow + "/experiments/create", "{\"name\":\"%s\"}".formatted(name))
            .path("experiment_id")
            .asText();
    String run =
        client
            .post(
                mlflow + "/runs/create",
                "{\"experiment_id\":\"%s\",\"start_time\":1}".formatted(experiment))
            .path("run")
            .path("info")
            .path("run_id")
            .asText();
    client.post(
        mlflow + "/runs/log-batch",
        """
        {"run_id": "%s", "metrics": [{"key": "auc", "value": 0.5, "timestamp": 1, "step": 1},
          {"key": "auc", "value": 0.75, "timestamp": 2, "step": 2}],
          "params": [{"key": "depth", "value": "6"}], "tags": [{"key": "team", "value": "risk"}]}\
        """
            .formatted(run));
    return new Fact(
        "run " + run,
        later -> {
          JsonNode found = later.get(mlflow + "/runs/get?run_id=" + run).path("run").path("data");
          JsonNode history =
              later.get(mlflow + "/metrics/get-history?metric_key=auc&run_id=" + run);
          return history.path("metrics").size() == 2
              && found.path("params").get(0).path("value").asText().equals("6")
              && found.path("tags").toString().contains("risk");
        });
  }

  private static int register(Client client, String model, double score) throws Exception {
    return client
        .post(
            "/api/v1/models/" + model + "/versions?filename=m.txt",
            new StepModel(score, score + 1).text())
        .path("version")
        .asInt();
  }

  private static Fact alias(Client client, String name, double score) throws Exception {
    int version = register(client, "m" + name, score);
    client.post(
        "/api/2.0/mlflow/registered-models/alias",
        "{\"name\":\"m%s\",\"alias\":\"challenger\",\"version\":\"%d\"}".formatted(name, version));
    return new Fact(
        "alias of m" + name,
        later ->
            later
                .get("/api/2.0/mlflow/registered-models/alias?alias=challenger&name=m" + name)
                .path("model_version")
                .path("version")
                .asText()
                .equals("1"));
  }

  private static Fact promotion(Client client, String name, double score) throws Exception {
    int version = register(client, "m" + name, score);
    long id =
        client
            .post(
                "/api/v1/promotions",
                "{\"model\":\"m%s\",\"version\":%d,\"deployment\":\"d%s\",\"environment\":\"prod\"}"
                    .formatted(name, version, name))
            .path("id")
            .asLong();
    String state = client.post("/api/v1/promotions/" + id + "/gates", "").path("state").asText();
    return new Fact(
        "promotion " + id,
        later -> {
          JsonNode found = later.get("/api/v1/promotions/" + id);
          return found.path("state").asText().equals(state)
              && found.path("results").size() > 0
              && later.get("/api/v1/promotions/" + id + "/evidence").toString().contains("gate");
        });
  }

  private static Fact policyOrWebhook(Client client, String name, boolean policy) throws Exception {
    if (policy) {
      long id =
          client
              .post(
                  "/api/v1/policies",
                  """
                  policy: 1
                  environments:
                    e%s:
                      gates: [{gate: artifact-scan}]
                      approvals: [{role: approver, count: 1}]
                      approval_valid_hours: 72
                      evidence_age_hours_max: 168
                  """
                      .formatted(name))
              .path("id")
              .asLong();
      return new Fact(
          "policy " + id,
          later -> later.get("/api/v1/policies/" + id).toString().contains("e" + name));
    }
    long id =
        client
            .post(
                "/api/v1/webhooks",
                "{\"url\":\"http://localhost:1/%s\",\"events\":[\"policy.activated\"]}"
                    .formatted(name))
            .path("id")
            .asLong();
    return new Fact(
        "webhook " + id, later -> later.get("/api/v1/webhooks").toString().contains(name));
  }

  /** Somebody with a token. */
  private record Client(ServerUnderTest server, String token) {
    JsonNode get(String path) throws IOException, InterruptedException {
      return send("GET", path, "");
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException {
      return send("POST", path, body);
    }

    int status(String path) throws IOException, InterruptedException {
      return exchange("GET", path, "").statusCode();
    }

    JsonNode send(String method, String path, String body)
        throws IOException, InterruptedException {
      HttpResponse<String> response = exchange(method, path, body);
      assertThat(response.statusCode()).as(path + ": " + response.body()).isLessThan(300);
      return JSON.readTree(response.body());
    }

    private HttpResponse<String> exchange(String method, String path, String body)
        throws IOException, InterruptedException {
      return server.sendAs(token, method, path, body);
    }
  }
}
