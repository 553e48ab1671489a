package dev.slipway.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.performance.ChangeDetector.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ChangeDetectorTest {
  private static final int COUNT = 20_000;

  private static double rate(int place) {
    return place < 5_000 ? 0.1 : place < 9_000 ? 0.25 : place < 14_000 ? 0.12 : 0.4;
  }

  private static double[] uniform() {
    double[] values = new double[COUNT];
    long state = 12_345;
    for (int i = 0; i < COUNT; i++) {
      state = (state * 1_103_515_245L + 12_345) & 0x7FFFFFFFL;
      values[i] = ((state >> 8) & 0xFFFF) / 65_536.0;
    }
    return values;
  }

  /** The places are river's, by make_changes.py beside the file. */
  @Test
  void changesAreSeenWhereRiverSeesThem() throws IOException {
    Map<String, ChangeDetector> detectors =
        Map.of(
            "adwin", Adwin.standard(),
            "ddm", DriftDetectionMethod.standard(),
            "page-hinkley", PageHinkley.standard(),
            "adwin-numbers", Adwin.standard());
    Map<String, StringBuilder> seen = new HashMap<>();
    double[] uniform = uniform();
    detectors.forEach(
        (name, detector) -> {
          StringBuilder line = seen.computeIfAbsent(name, key -> new StringBuilder(key));
          for (int i = 0; i < COUNT; i++) {
            double value =
                name.equals("adwin-numbers")
                    ? uniform[i] * rate(i) * 3
                    : uniform[i] < rate(i) ? 1 : 0;
            if (detector.add(value) == State.CHANGE) {
              line.append(' ').append(i);
            }
          }
        });
    try (InputStream in =
        Objects.requireNonNull(ChangeDetectorTest.class.getResourceAsStream("changes.txt"))) {
      List<String> expected =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(seen.values().stream().map(StringBuilder::toString))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void withoutAChangeFalseAlarmsAreRare() {
    List<Supplier<ChangeDetector>> all = List.of(Adwin::standard, PageHinkley::standard);
    for (Supplier<ChangeDetector> kind : all) {
      int alarms = 0;
      for (long seed = 0; seed < 20; seed++) {
        Random random = new Random(seed);
        ChangeDetector detector = kind.get();
        for (int i = 0; i < 5_000; i++) {
          alarms += detector.add(random.nextDouble() < 0.2 ? 1 : 0) == State.CHANGE ? 1 : 0;
        }
      }
      assertThat(alarms).as("of 100,000 values").isLessThanOrEqualTo(2);
    }
  }

  @Test
  void ddmWarnsBeforeItAlarms() {
    DriftDetectionMethod ddm = DriftDetectionMethod.standard();
    State[] states = new State[400];
    for (int i = 0; i < states.length; i++) {
      states[i] = ddm.add(i < 200 ? (i % 10 == 0 ? 1 : 0) : (i % 2));
    }
    int change = Arrays.asList(states).indexOf(State.CHANGE);
    assertThat(change).isGreaterThan(200);
    assertThat(Arrays.asList(states).indexOf(State.WARNING)).isBetween(200, change - 1);
  }

  @Test
  void memoryOfAdwinGrowsWithTheLogarithm() {
    Adwin adwin = Adwin.standard();
    for (int i = 0; i < 1_000_000; i++) {
      adwin.add(i % 2);
    }
    assertThat(adwin.width()).isEqualTo(1_000_000);
    assertThat(adwin.mean()).isEqualTo(0.5);
  }

  @Test
  void whatIsNoErrorIsRefused() {
    assertThatThrownBy(() -> DriftDetectionMethod.standard().add(0.5))
        .hasMessage("error: 0.5 (expected: 0 or 1)");
    assertThatThrownBy(() -> Adwin.standard().add(Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> PageHinkley.standard().add(Double.POSITIVE_INFINITY))
        .hasMessageContaining("finite");
  }
}
