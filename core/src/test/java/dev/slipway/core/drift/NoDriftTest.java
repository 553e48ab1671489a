package dev.slipway.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Consecutive windows of data that do not change, of 80 to 4,000 rows each: a window alerts if any
 * of the ten features does.
 */
class NoDriftTest {
  private static final int REFERENCE_ROWS = 50_000;
  private static final int REFERENCE_WINDOWS = 100;
  private static final int REFERENCE_WINDOW_ROWS = 500;

  /** A tenth of what {@link #ofAThousandWindowsAtMostOnePercentAlerts} runs; seed by seed. */
  @Test
  void ofAHundredWindowsAtMostOneAlerts() {
    assertThat(alerts(100, 11)).isLessThanOrEqualTo(1);
  }

  @Test
  @Tag("long")
  void ofAThousandWindowsAtMostOnePercentAlerts() {
    for (long seed = 1; seed <= 5; seed++) {
      int alerts = alerts(1_000, seed);
      System.out.printf("seed %d: %d of 1000 windows alert%n", seed, alerts);
      assertThat(alerts).as("seed %d", seed).isLessThanOrEqualTo(10);
    }
  }

  /** The same rule sees half a deviation within two windows of 300 rows. */
  @Test
  void aShiftAlertsAtOnce() {
    Random random = new Random(3);
    Watch watch = new Watch("normal", Random::nextGaussian, random);
    ToDoubleFunction<Random> shifted = source -> source.nextGaussian() + 0.8;
    watch.window(shifted, random, 300);
    assertThat(watch.alerts()).isFalse();
    watch.window(shifted, random, 300);
    assertThat(watch.alerts()).isTrue();
  }

  private static int alerts(int windows, long seed) {
    Random random = new Random(seed);
    List<ToDoubleFunction<Random>> generators =
        List.of(
            Random::nextGaussian,
            Random::nextDouble,
            source -> Math.exp(2 * source.nextGaussian()),
            source -> source.nextDouble() < 0.97 ? 0 : source.nextDouble(),
            source -> source.nextInt(2),
            source -> source.nextInt(1_000) == 0 ? 1e12 : source.nextGaussian(),
            source -> source.nextDouble() < 0.1 ? Double.NaN : source.nextGaussian(),
            source -> Math.floor(-4 * Math.log(source.nextDouble())),
            source -> source.nextInt(7),
            source -> source.nextDouble() < 0.5 ? 3 : 10 * source.nextDouble());
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < generators.size(); i++) {
      watches.add(new Watch("f" + i, generators.get(i), random));
    }
    int alerts = 0;
    for (int window = 0; window < windows; window++) {
      int rows = 80 + random.nextInt(random.nextInt(10) == 0 ? 3_921 : 400);
      boolean any = false;
      for (int i = 0; i < generators.size(); i++) {
        watches.get(i).window(generators.get(i), random, rows);
        any |= watches.get(i).alerts();
      }
      alerts += any ? 1 : 0;
    }
    return alerts;
  }

  /** One feature that is watched. */
  private static final class Watch {
    private final NumericReference reference;
    private final ReferenceWindows usual;
    private final List<Boolean> exceeded = new ArrayList<>();

    Watch(String name, ToDoubleFunction<Random> generator, Random random) {
      double[] values = new double[REFERENCE_ROWS];
      for (int i = 0; i < values.length; i++) {
        values[i] = generator.applyAsDouble(random);
      }
      reference = NumericReference.of(name, values, 0, BinRules.DEFAULT);
      List<ReferenceWindows.Window> windows = new ArrayList<>();
      for (int i = 0; i < REFERENCE_WINDOWS; i++) {
        NumericCounter counter = new NumericCounter(reference);
        for (int row = 0; row < REFERENCE_WINDOW_ROWS; row++) {
          counter.add(values[i * REFERENCE_WINDOW_ROWS + row]);
        }
        windows.add(
            new ReferenceWindows.Window(
                FeatureDrift.of(reference, counter.counts()).psi(), REFERENCE_WINDOW_ROWS));
      }
      usual = new ReferenceWindows(REFERENCE_ROWS, windows);
    }

    void window(ToDoubleFunction<Random> generator, Random random, int rows) {
      NumericCounter counter = new NumericCounter(reference);
      for (int row = 0; row < rows; row++) {
        counter.add(generator.applyAsDouble(random));
      }
      double psi = FeatureDrift.of(reference, counter.counts()).psi();
      exceeded.add(psi > AlertRule.DEFAULT.bound(usual, rows));
    }

    boolean alerts() {
      return AlertRule.DEFAULT.alerts(exceeded);
    }
  }
}
