package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed at random moments while models are registered, deployed and undone under
 * load. Whatever it has acknowledged is there after the restart; a change that was in flight is
 * there wholly or not at all.
 */
class KillTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEPLOYMENTS = 3;
  private static final int CHANGES_LEAST = 3;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void threeKillsLoseNothing() throws Exception {
    killRepeatedly(3, 20261124);
  }

  @Test
  @Tag("long")
  @Timeout(1800)
  void fiftyKillsLoseNothing() throws Exception {
    killRepeatedly(50, 20261125);
  }

  private void killRepeatedly(int kills, long seed) throws Exception {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Acknowledged acknowledged = new Acknowledged();
    long changes = 0;
    for (int kill = 0; kill <= kills; kill++) {
      try (ServerUnderTest server =
          ServerUnderTest.start(folder.resolve("data"), ServerUnderTest.freePort())) {
        acknowledged.verify(server);
        if (kill == kills) {
          break;
        }
        long lifeMillis = random.nextLong(300, 2_000);
        changes += changeUntilKilled(server, acknowledged, lifeMillis, random.split());
      }
    }
    assertThat(changes)
        .as("acknowledged changes")
        .isGreaterThanOrEqualTo((long) kills * CHANGES_LEAST);
    System.out.printf(
        "%d kills, %d acknowledged changes, %d versions, none lost%n",
        kills, changes, acknowledged.versions.size());
  }

  private static long changeUntilKilled(
      ServerUnderTest server, Acknowledged acknowledged, long lifeMillis, SplittableRandom random)
      throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    AtomicLong changes = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<?> firstLoad = threads.submit(() -> load(server, killed));
      Future<?> secondLoad = threads.submit(() -> load(server, killed));
      Future<?> changer =
          threads.submit(
              () -> {
                try {
                  while (!killed.get()) {
                    acknowledged.change(server, random);
                    changes.incrementAndGet();
                  }
                } catch (IOException e) {
                  if (!killed.get()) {
                    throw e;
                  }
                }
                return null;
              });
      TimeUnit.MILLISECONDS.sleep(lifeMillis);
      // A busy machine gets the time it needs, so that each life has something to lose.
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (changes.get() < CHANGES_LEAST && !changer.isDone() && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      killed.set(true);
      server.kill();
      changer.get(30, TimeUnit.SECONDS);
      firstLoad.get(30, TimeUnit.SECONDS);
      secondLoad.get(30, TimeUnit.SECONDS);
    }
    return changes.get();
  }

  private static void load(ServerUnderTest server, AtomicBoolean killed) {
    try {
      while (!killed.get()) {
        for (int i = 0; i < DEPLOYMENTS; i++) {
          HttpResponse<String> response =
              server.post(
                  "/v2/models/d" + i + "/infer",
                  "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}");
          assertThat(response.statusCode()).as(response.body()).isIn(200, 404);
        }
      }
    } catch (IOException e) {
      assertThat(killed).as("the connection broke before the kill: " + e).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the server has acknowledged, and the one change that it may or may not have made. */
  private static final class Acknowledged {
    private record Serving(int version, int previous) {
      Serving swapped() {
        return new Serving(/* version= */ previous, /* previous= */ version);
      }
    }

    private final Map<Integer, String> versions = new TreeMap<>();
    private final Map<String, Serving> deployments = new TreeMap<>();
    private String pendingDeployment = "";
    private Serving pending = new Serving(0, 0);
    private boolean pendingVersion;

    void change(ServerUnderTest server, SplittableRandom random)
        throws IOException, InterruptedException {
      int kind = versions.isEmpty() ? 0 : random.nextInt(3);
      String deployment = "d" + random.nextInt(DEPLOYMENTS);
      Serving now = deployments.getOrDefault(deployment, new Serving(0, 0));
      if (kind == 0) {
        pendingVersion = true;
        StepModel model = new StepModel(random.nextDouble(), random.nextDouble());
        HttpResponse<String> response = server.register("m", "model.txt", model.text());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        JsonNode body = JSON.readTree(response.body());
        versions.put(body.path("version").asInt(), body.path("digest").asText());
        pendingVersion = false;
      } else if (kind == 1 || now.previous() == 0) {
        int version = 1 + random.nextInt(versions.size());
        int previous = version == now.version() ? now.previous() : now.version();
        await(deployment, new Serving(version, previous));
        HttpResponse<String> response = server.deploy(deployment, "m", version);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        acknowledge();
      } else {
        await(deployment, now.swapped());
        HttpResponse<String> response =
            server.post("/api/v1/deployments/" + deployment + "/undo", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        acknowledge();
      }
    }

    private void await(String deployment, Serving next) {
      pendingDeployment = deployment;
      pending = next;
    }

    private void acknowledge() {
      deployments.put(pendingDeployment, pending);
      pendingDeployment = "";
    }

    /** Compares, and takes over what became of the change in flight. */
    void verify(ServerUnderTest server) throws IOException, InterruptedException {
      for (Map.Entry<Integer, String> version : versions.entrySet()) {
        HttpResponse<String> response = server.get("/api/v1/models/m/versions/" + version.getKey());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()).path("digest").asText())
            .isEqualTo(version.getValue());
      }
      if (pendingVersion) {
        int next = versions.size() + 1;
        HttpResponse<String> response = server.get("/api/v1/models/m/versions/" + next);
        if (response.statusCode() == 200) {
          versions.put(next, JSON.readTree(response.body()).path("digest").asText());
        }
        pendingVersion = false;
      }
      for (int i = 0; i < DEPLOYMENTS; i++) {
        String name = "d" + i;
        HttpResponse<String> response = server.get("/api/v1/deployments/" + name);
        Serving expected = deployments.getOrDefault(name, new Serving(0, 0));
        JsonNode body = JSON.readTree(response.body());
        Serving found = new Serving(body.path("version").asInt(), previousVersion(body));
        if (name.equals(pendingDeployment)) {
          assertThat(found).isIn(expected, pending);
          if (found.version() != 0) {
            deployments.put(name, found);
          }
        } else {
          assertThat(found).as(name).isEqualTo(expected);
        }
        if (found.version() != 0) {
          assertThat(
                  server
                      .post(
                          "/v2/models/" + name + "/infer",
                          "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}")
                      .statusCode())
              .isEqualTo(200);
        }
      }
      pendingDeployment = "";
    }

    private static int previousVersion(JsonNode deployment) {
      return deployment.path("previous_version").asInt(0);
    }
  }
}
