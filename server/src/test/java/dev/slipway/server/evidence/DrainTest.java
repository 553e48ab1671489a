package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load: what was accepted is answered. */
class DrainTest {
  @TempDir Path folder;

  /** What a client saw: whole answers, refusals, then a connection that could not be opened. */
  private record Seen(long answered, long refused, List<String> broken) {}

  @Test
  @Timeout(120)
  void noAcceptedRequestIsLostOnSigterm() throws Exception {
    try (ServerUnderTest server =
            ServerUnderTest.start(folder.resolve("data"), ServerUnderTest.freePort());
        ExecutorService clients = Executors.newFixedThreadPool(4)) {
      assertThat(server.register("m", "m.txt", new StepModel(1, 2).text()).statusCode())
          .isEqualTo(201);
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
      AtomicLong answers = new AtomicLong();
      List<Future<Seen>> futures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        futures.add(clients.submit(() -> ask(server, answers)));
      }
      while (answers.get() < 500) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
      for (Future<Seen> future : futures) {
        Seen seen = future.get(30, TimeUnit.SECONDS);
        assertThat(seen.answered()).isPositive();
        assertThat(seen.broken()).isEmpty();
      }
    }
  }

  private static Seen ask(ServerUnderTest server, AtomicLong answers) throws InterruptedException {
    long answered = 0;
    long refused = 0;
    List<String> broken = new ArrayList<>();
    while (true) {
      try {
        HttpResponse<String> response =
            server.post(
                "/v2/models/m/infer",
                "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}");
        if (response.statusCode() == 200) {
          answered++;
          answers.incrementAndGet();
        } else if (response.statusCode() == 503) {
          refused++;
        } else {
          broken.add(response.statusCode() + " " + response.body());
        }
      } catch (java.net.ConnectException e) {
        return new Seen(answered, refused, broken);
      } catch (IOException e) {
        // A connection that the server closed between two requests carries no accepted one, and a
        // request
        // that could not be written was not accepted.
        if (!String.valueOf(e.getMessage()).matches(".*(closed|GOAWAY|reset|EOF|Broken pipe).*")
            || String.valueOf(e.getMessage()).contains("header parser received no bytes")) {
          broken.add(e.toString());
        }
        return new Seen(answered, refused, broken);
      }
    }
  }
}
