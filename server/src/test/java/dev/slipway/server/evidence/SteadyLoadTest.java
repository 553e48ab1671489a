package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadPlan;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadRun;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.example.fraud.FraudRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fraud model under open-loop load: no error, no growth. Times are printed, never asserted. */
class SteadyLoadTest {
  private static final double MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void twoThousandPredictionsASecondForThreeSeconds() throws Exception {
    withoutError(2_000, Duration.ofSeconds(3));
  }

  @Test
  @Tag("long")
  @Timeout(180)
  void tenThousandPredictionsASecondForAMinute() throws Exception {
    withoutError(10_000, Duration.ofSeconds(60));
  }

  @Test
  @Timeout(120)
  void memoryStaysFlatForFifteenSeconds() throws Exception {
    soak(1_000, Duration.ofSeconds(5), Duration.ofSeconds(3), 4);
  }

  @Test
  @Tag("long")
  @Timeout(1800)
  void memoryStaysFlatForTwentyMinutes() throws Exception {
    soak(5_000, Duration.ofMinutes(2), Duration.ofMinutes(2), 10);
  }

  private void withoutError(double rate, Duration duration) throws Exception {
    try (ServerUnderTest server = startWithFraud()) {
      LoadResult result = load(server, rate, Duration.ofSeconds(2), duration, LoadPlan.Pace.SPIN);
      System.out.println(result.summary());
      assertThat(result.failures()).isEmpty();
      assertThat(result.succeeded()).isEqualTo(result.sent());
      assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    }
  }

  private void soak(double rate, Duration warmUp, Duration window, int windows) throws Exception {
    try (ServerUnderTest server = startWithFraud()) {
      load(server, rate, Duration.ZERO, warmUp, LoadPlan.Pace.NAP);
      List<Long> resident = new ArrayList<>();
      for (int i = 0; i < windows; i++) {
        LoadResult result = load(server, rate, Duration.ZERO, window, LoadPlan.Pace.NAP);
        assertThat(result.failures()).isEmpty();
        resident.add(server.residentBytes());
        System.out.printf(
            "window %d: resident %.1f MiB, %s%n",
            i + 1, server.residentBytes() / MIB, result.summary());
      }
      long early = resident.get(0);
      long late = resident.get(windows - 1);
      assertThat(late).as("resident bytes, %s", resident).isLessThan(early + early / 10);
    }
  }

  private ServerUnderTest startWithFraud() throws IOException, InterruptedException {
    return ServerUnderTest.start(
        folder.resolve("data"), ServerUnderTest.freePort(), "--demo=fraud");
  }

  private static LoadResult load(
      ServerUnderTest server, double rate, Duration warmUp, Duration measured, LoadPlan.Pace pace)
      throws IOException {
    InferBodies bodies = new InferBodies("fraud", "input", FraudRows.rows(11, 10_000));
    LoadTarget target = LoadTarget.Rest.post("/v2/models/fraud/infer", "", bodies.json());
    return LoadRun.run(
        new LoadPlan("127.0.0.1", server.port(), rate, 64, 1, warmUp, measured, 3, pace), target);
  }
}
