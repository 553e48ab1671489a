package dev.slipway.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.drift.evidently.EvidentlyColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumericReferenceTest {
  @Test
  void aFrequentNumberHasItsOwnBinAndTheRestQuantiles() {
    double[] values =
        DoubleStream.concat(
                DoubleStream.generate(() -> 0).limit(50),
                IntStream.rangeClosed(1, 50).mapToDouble(i -> i))
            .toArray();

    NumericReference reference =
        NumericReference.of("f", values, 4, BinRules.DEFAULT.withQuantileBins(5));

    assertThat(reference.bins())
        .containsExactly(
            new Bin.Interval(Double.NEGATIVE_INFINITY, 0, false),
            new Bin.Spike(0),
            new Bin.Interval(0, 10, true),
            new Bin.Interval(10, 20, true),
            new Bin.Interval(20, 30, true),
            new Bin.Interval(30, 40, true),
            new Bin.Interval(40, Double.POSITIVE_INFINITY, false),
            Bin.Rest.MISSING,
            Bin.Rest.INVALID);
    assertThat(reference.counts())
        .isEqualTo(new BinCounts(new long[] {0, 50, 10, 10, 10, 10, 10, 4, 0}, 0, 0));
  }

  @Test
  void justBelowATenthIsNoSpike() {
    double[] tenth = IntStream.range(0, 100).mapToDouble(i -> i < 10 ? -1 : i).toArray();
    double[] less = IntStream.range(0, 100).mapToDouble(i -> i < 9 ? -1 : i).toArray();

    assertThat(NumericReference.of("f", tenth, 0, BinRules.DEFAULT).bins())
        .contains(new Bin.Spike(-1));
    assertThat(NumericReference.of("f", less, 0, BinRules.DEFAULT).bins())
        .noneMatch(bin -> bin instanceof Bin.Spike);
  }

  @Test
  void whatLiesOutsideTheReferenceIsCountedAsSuch() {
    NumericReference reference =
        NumericReference.of("f", new double[] {1, 2, 3}, 0, BinRules.DEFAULT);
    NumericCounter counter = new NumericCounter(reference);
    for (double value :
        new double[] {0.5, 1, 3, 3.5, 9, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      counter.add(value);
    }
    counter.addMissing(1);

    DataQuality quality = DataQuality.of(reference, counter.counts());

    assertThat(quality).isEqualTo(new DataQuality(8, 1 / 8.0, 2 / 8.0, 3 / 8.0, 0));
  }

  /**
   * A feature that is 0 almost always, such as a risk of fraud, becomes so less often. Quantile
   * bins without equal edges see one bin before and after.
   */
  @Test
  void aZeroInflatedFeatureAlarmsThoughDistinctQuantilesAreBlind() {
    Random random = new Random(1);
    double[] before = inflated(random, 0.98);
    double[] now = inflated(random, 0.80);

    assertThat(psi(before, now)).isGreaterThan(0.2);
    assertThat(DistinctQuantiles.psi(before, now, 10)).isZero();
  }

  /** One outlier stretches bins of equal width until all other values share one. */
  @Test
  void anOutlierDoesNotHideAShift() {
    Random random = new Random(2);
    double[] before = random.doubles(5_000).toArray();
    double[] now = random.doubles(5_000).map(value -> value + 0.5).toArray();
    before[0] = 1e6;

    assertThat(psi(before, now)).isGreaterThan(1);
    assertThat(EvidentlyColumn.ofNumbers(before, now).psi()).isLessThan(0.01);
  }

  @Test
  void aDamagedReferenceIsRefused() {
    String json =
        new String(
            ReferenceJson.write(
                NumericReference.of("f", new double[] {1, 2, 3, 4}, 0, BinRules.DEFAULT)),
            StandardCharsets.UTF_8);
    for (String damaged :
        new String[] {
          json.replace("\"cuts\":[1,", "\"cuts\":[3,"),
          json.replace("\"counts\":[", "\"counts\":[7,"),
          json.replace("\"counts\":[0", "\"counts\":[-1"),
          json.replace("numeric", "nominal"),
          json.replace("\"centres\":[", "\"centres\":[99,")
        }) {
      assertThat(damaged).isNotEqualTo(json);
      assertThatThrownBy(() -> ReferenceJson.read(damaged.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static double[] inflated(Random random, double zeros) {
    return random
        .doubles(5_000)
        .map(value -> value < zeros ? 0 : (value - zeros) / (1 - zeros))
        .toArray();
  }

  private static double psi(double[] before, double[] now) {
    NumericReference reference = NumericReference.of("f", before, 0, BinRules.DEFAULT);
    NumericCounter counter = new NumericCounter(reference);
    Arrays.stream(now).forEach(counter::add);
    return FeatureDrift.of(reference, counter.counts()).psi();
  }
}
