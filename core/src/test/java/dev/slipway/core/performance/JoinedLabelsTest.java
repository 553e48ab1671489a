package dev.slipway.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.evaluation.Bootstrap;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.table.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JoinedLabelsTest {
  private static Column numbers(double... values) {
    return new Column.Numbers(values);
  }

  @Test
  void theLastLabelOfAKeyCountsAndOrphansAreCounted() {
    JoinedLabels joined =
        JoinedLabels.of(
            numbers(10, 11, 12), numbers(12, 99, 10, 12, 11), numbers(1, 1, 0, 0, Double.NaN));
    assertThat(joined.labels()).containsExactly(0, Double.NaN, 0);
    assertThat(joined.labelled()).isEqualTo(2);
    assertThat(joined.revisions()).isEqualTo(1);
    assertThat(joined.orphans()).isEqualTo(1);
  }

  @Test
  void keysHaveToBeUnique() {
    assertThatThrownBy(() -> JoinedLabels.of(numbers(1, 1), numbers(1), numbers(1)))
        .hasMessage("predictions 1 and 2 have the key '1' (expected: each its own)");
    assertThatThrownBy(() -> JoinedLabels.of(numbers(1, Double.NaN), numbers(1), numbers(1)))
        .hasMessage("prediction 2 has no key (expected: each has one)");
  }

  /** However late and in whatever order labels come, the curve in the end is that of the batch. */
  @Test
  void theOrderOfLabelsDoesNotMatter() {
    Random random = new Random(4);
    int count = 3_000;
    double[] keys = IntStream.range(0, count).mapToDouble(i -> i).toArray();
    double[] scores = random.doubles(count).toArray();
    double[] truth = new double[count];
    Arrays.setAll(truth, i -> random.nextDouble() < scores[i] ? 1 : 0);
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, random);
    double[] lateKeys = order.stream().mapToDouble(i -> keys[i]).toArray();
    double[] lateLabels = order.stream().mapToDouble(i -> truth[i]).toArray();

    double[] joined =
        JoinedLabels.of(numbers(keys), numbers(lateKeys), numbers(lateLabels)).labels();

    int[] starts = {0, 1_000, 2_000};
    Bootstrap bootstrap = new Bootstrap(50, 0.95, 3);
    assertThat(
            PerformanceCurve.of(Metric.AUC, scores, joined, starts, 0.5, bootstrap, null).windows())
        .isEqualTo(
            PerformanceCurve.of(Metric.AUC, scores, truth, starts, 0.5, bootstrap, null).windows());
    double[] half = joined.clone();
    Arrays.fill(half, 1_500, count, Double.NaN);
    PerformanceCurve partly =
        PerformanceCurve.of(Metric.AUC, scores, half, starts, 0.5, bootstrap, null);
    assertThat(partly.windows())
        .extracting(PerformanceCurve.Window::coverage)
        .containsExactly(1.0, 0.5, 0.0);
    assertThat(partly.windows().get(2).measured().value()).isNaN();
    PerformanceCurve.Window first = partly.windows().getFirst();
    assertThat(first.measured().value()).isBetween(first.measured().low(), first.measured().high());
  }
}
