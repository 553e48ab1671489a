package dev.slipway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.load.LoadResult.Generator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadResultTest {
  private static final int REQUESTS = 1_000;

  @Test
  void aRunOnTimeIsTakenAsItIs() {
    assertThat(result(3.0, 0.01, 0).objection()).isEmpty();
    assertThat(result(0.2, 0.15, 0).objection())
        .as("a lag that matters to nobody, though it is most of p99")
        .isEmpty();
    assertThat(result(10.0, 4.0, 10).objection())
        .as("a minor part of p99, and one request in a hundred that waited")
        .isEmpty();
  }

  @Test
  void aLatencyThatIsMostlyTheGeneratorsOwnIsAnUpperBound() {
    LoadResult result = result(5.0, 4.0, 0);

    assertThat(result.objection()).startsWith("UPPER BOUND");
    assertThat(result.generator().offeredThePlan()).isTrue();
    assertThat(result.summary()).contains("lag p99 4.0", "UPPER BOUND");
  }

  @Test
  void aGeneratorThatWasBehindMakesARunInvalid() {
    assertThat(result(100.0, 26.0, 0).objection()).startsWith("INVALID").contains("p99 26.");
  }

  @Test
  void tooFewConnectionsMakeARunInvalid() {
    assertThat(result(100.0, 0.01, 11).objection())
        .startsWith("INVALID")
        .contains("11 of 1,000 requests");
  }

  private static LoadResult result(double latencyMillis, double lagMillis, long starved) {
    return new LoadResult(
        1,
        constant(latencyMillis),
        new Histogram(3),
        Map.of(),
        "",
        new Generator(REQUESTS, constant(lagMillis), starved));
  }

  private static Histogram constant(double millis) {
    Histogram histogram = new Histogram(3);
    histogram.recordValueWithCount((long) (millis * TimeUnit.MILLISECONDS.toNanos(1)), REQUESTS);
    return histogram;
  }
}
