package dev.slipway.core.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricTest {
  /** The values are scikit-learn's, by make_metrics.py beside the file. */
  @Test
  void everyMetricIsWhatScikitLearnSays() throws IOException {
    List<String> lines;
    try (InputStream in =
        Objects.requireNonNull(MetricTest.class.getResourceAsStream("metrics.txt"))) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    assertThat(lines).hasSize(21);
    for (int i = 0; i < lines.size(); i += 3) {
      double[] labels = numbers(lines.get(i));
      double[] scores = numbers(lines.get(i + 1));
      String[] values = lines.get(i + 2).split(" ");
      assertThat(values).hasSize(Metric.values().length);
      for (String value : values) {
        int equals = value.indexOf('=');
        Metric metric = Metric.named(value.substring(0, equals)).orElseThrow();
        assertThat(metric.value(labels, scores, 0.5))
            .as("%s of case %d", metric, i / 3)
            .isCloseTo(Double.parseDouble(value.substring(equals + 1)), within(1e-12));
      }
    }
  }

  @Test
  void aWeightIsAsGoodAsRepeatedRows() {
    long seed = 7;
    Random random = new Random(seed);
    for (Metric metric : Metric.values()) {
      double[] labels = new double[50];
      double[] scores = new double[50];
      int[] weights = new int[50];
      int repeated = 0;
      for (int i = 0; i < 50; i++) {
        labels[i] = i % 3 == 0 ? 1 : 0;
        scores[i] = random.nextInt(10) / 10.0;
        weights[i] = random.nextInt(4);
        repeated += weights[i];
      }
      double[] manyLabels = new double[repeated];
      double[] manyScores = new double[repeated];
      int at = 0;
      for (int i = 0; i < 50; i++) {
        for (int j = 0; j < weights[i]; j++) {
          manyLabels[at] = labels[i];
          manyScores[at++] = scores[i];
        }
      }
      assertThat(metric.over(labels, scores, 0.5).value(weights))
          .as("%s, seed %d", metric, seed)
          .isCloseTo(metric.value(manyLabels, manyScores, 0.5), within(1e-12));
    }
  }

  @Test
  void oneClassAloneHasNoAuc() {
    assertThat(Metric.AUC.value(new double[] {0, 0}, new double[] {1, 2}, 0.5)).isNaN();
    assertThat(Metric.AVERAGE_PRECISION.value(new double[] {0, 0}, new double[] {1, 2}, 0.5))
        .isNaN();
    assertThat(Metric.F1.value(new double[] {0, 0}, new double[] {0, 0}, 0.5)).isZero();
  }

  @Test
  void negativeZeroTiesWithZero() {
    assertThat(Metric.AUC.value(new double[] {0, 1}, new double[] {0.0, -0.0}, 0.5)).isEqualTo(0.5);
  }

  @Test
  void whatIsNoLabelOrScoreIsNamedByItsRow() {
    assertThatThrownBy(() -> Metric.AUC.value(new double[] {0, 2}, new double[] {1, 1}, 0.5))
        .hasMessage("row 2: label 2.0, score 1.0 (expected: 0 or 1, and a number)");
    assertThatThrownBy(() -> Metric.BRIER.value(new double[] {0, 1}, new double[] {0.5, 1.5}, 0.5))
        .hasMessageContaining("row 2")
        .hasMessageContaining("a probability");
    assertThatThrownBy(() -> Metric.MAE.value(new double[] {0}, new double[] {Double.NaN}, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
