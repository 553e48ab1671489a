package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions are swapped while clients ask: nobody sees a failure or a version that was not live. */
class HotSwapTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIENTS = 4;
  private static final StepModel FIRST = new StepModel(1.25, 2.5);
  private static final StepModel SECOND = new StepModel(-7.5, 40.75);

  /** A version was live from the moment its deployment was asked until its successor was there. */
  private record Live(int version, long fromNanos, long toNanos) {}

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void thirtySwapsUnderLoad() throws Exception {
    swapUnderLoad(30);
  }

  @Test
  @Tag("long")
  @Timeout(900)
  void fiveHundredSwapsUnderLoad() throws Exception {
    swapUnderLoad(500);
  }

  private void swapUnderLoad(int swaps) throws Exception {
    try (ServerUnderTest server =
            ServerUnderTest.start(folder.resolve("data"), ServerUnderTest.freePort());
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      expect(201, server.register("step", "a.txt", FIRST.text()));
      expect(201, server.register("step", "b.txt", SECOND.text()));
      expect(200, server.deploy("step", "step", 1));

      Map<Integer, Live> lives = new HashMap<>();
      AtomicBoolean running = new AtomicBoolean(true);
      AtomicLong answers = new AtomicLong();
      List<Callable<List<Answer>>> tasks =
          IntStream.range(0, CLIENTS)
              .<Callable<List<Answer>>>mapToObj(i -> () -> ask(server, running, answers))
              .toList();
      List<Future<List<Answer>>> futures = tasks.stream().map(clients::submit).toList();

      int current = 1;
      long liveFrom = System.nanoTime();
      for (int swap = 0; swap < swaps; swap++) {
        int next = 3 - current;
        long asked = System.nanoTime();
        expect(200, server.deploy("step", "step", next));
        lives.put(swap, new Live(current, liveFrom, System.nanoTime()));
        liveFrom = asked;
        current = next;
      }
      lives.put(swaps, new Live(current, liveFrom, Long.MAX_VALUE));
      running.set(false);

      long seen = 0;
      for (Future<List<Answer>> future : futures) {
        for (Answer answer : future.get(30, TimeUnit.SECONDS)) {
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
          StepModel model = answer.version() == 1 ? FIRST : SECOND;
          assertThat(answer.score()).isEqualTo(model.predict(answer.x()));
          assertThat(lives.values())
              .as("an answer of version %d must overlap a time when it was live", answer.version())
              .anyMatch(live -> overlaps(live, answer));
          seen++;
        }
      }
      assertThat(seen).isGreaterThan(swaps);
      System.out.printf("%d swaps, %d answers, no failure%n", swaps, seen);
    }
  }

  private static boolean overlaps(Live live, Answer answer) {
    return live.version() == answer.version()
        && answer.receivedNanos() - live.fromNanos() >= 0
        && (live.toNanos() == Long.MAX_VALUE || live.toNanos() - answer.sentNanos() >= 0);
  }

  private record Answer(
      int status,
      String body,
      int version,
      double x,
      double score,
      long sentNanos,
      long receivedNanos) {}

  private static List<Answer> ask(ServerUnderTest server, AtomicBoolean running, AtomicLong answers)
      throws IOException, InterruptedException {
    List<Answer> seen = new ArrayList<>();
    while (running.get()) {
      double x = answers.incrementAndGet() % 2 == 0 ? 0.25 : 0.75;
      long sent = System.nanoTime();
      HttpResponse<String> response =
          server.post(
              "/v2/models/step/infer",
              "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[%s]}]}"
                  .formatted(x));
      long received = System.nanoTime();
      if (response.statusCode() == 200) {
        JsonNode body = JSON.readTree(response.body());
        seen.add(
            new Answer(
                200,
                response.body(),
                body.path("model_version").asInt(),
                x,
                body.path("outputs").path(0).path("data").path(0).asDouble(),
                sent,
                received));
      } else {
        seen.add(new Answer(response.statusCode(), response.body(), 0, x, 0, sent, received));
      }
    }
    return seen;
  }

  private static void expect(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
  }
}
