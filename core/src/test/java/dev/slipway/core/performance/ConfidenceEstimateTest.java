package dev.slipway.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.evaluation.Metric;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfidenceEstimateTest {
  private static final int COUNT = 60_000;

  private final double[] scores = new double[COUNT];
  private final double[] labels = new double[COUNT];

  /**
   * Scores that are the square of the probability, so that only a calibration makes sense of them.
   */
  private void draw(long seed, double shift) {
    Random random = new Random(seed);
    for (int i = 0; i < COUNT; i++) {
      double probability = Math.clamp(random.nextDouble() + shift, 0, 1);
      scores[i] = probability * probability;
      labels[i] = random.nextDouble() < probability ? 1 : 0;
    }
  }

  @Test
  void wherePopulationsMoveTheEstimateFollowsWhatIsMeasured() {
    draw(1, 0);
    Calibration calibration = Calibration.of(labels, scores);
    for (double shift : new double[] {0, 0.2, -0.2}) {
      draw(2, shift);
      for (Metric metric : EnumSet.complementOf(EnumSet.of(Metric.RMSE, Metric.MAE))) {
        double measured = metric.value(labels, scores, 0.25);
        double estimated = new ConfidenceEstimate(metric, calibration, 0.25).of(scores);
        assertThat(estimated).as("%s, shift %s", metric, shift).isCloseTo(measured, within(0.012));
      }
    }
  }

  /** Its one great weakness, which every page that shows it has to name. */
  @Test
  void itIsBlindToConceptDrift() {
    draw(1, 0);
    Calibration calibration = Calibration.of(labels, scores);
    double before = new ConfidenceEstimate(Metric.AUC, calibration, 0.25).of(scores);
    for (int i = 0; i < COUNT; i++) {
      labels[i] = 1 - labels[i];
    }
    assertThat(Metric.AUC.value(labels, scores, 0.25)).isLessThan(0.25);
    assertThat(new ConfidenceEstimate(Metric.AUC, calibration, 0.25).of(scores)).isEqualTo(before);
  }

  @Test
  void withCertainScoresItIsTheMetricItself() {
    double[] known = {0, 1, 1, 0, 1};
    double[] certain = {0.1, 0.9, 0.8, 0.2, 0.7};
    Calibration calibration = Calibration.of(known, certain);
    for (Metric metric : EnumSet.complementOf(EnumSet.of(Metric.RMSE, Metric.MAE))) {
      assertThat(new ConfidenceEstimate(metric, calibration, 0.75).of(certain))
          .as("%s", metric)
          .isCloseTo(metric.value(known, certain, 0.75), within(1e-12));
    }
  }

  @Test
  void calibrationPoolsWhatContradictsTheOrder() {
    Calibration calibration =
        Calibration.of(new double[] {0, 1, 0, 1, 1, 1}, new double[] {1, 2, 3, 4, 4, 5});
    assertThat(calibration.probability(0)).isZero();
    assertThat(calibration.probability(2)).isEqualTo(0.5);
    assertThat(calibration.probability(2.5)).isEqualTo(0.5);
    assertThat(calibration.probability(3.5)).isEqualTo(0.75);
    assertThat(calibration.probability(4)).isEqualTo(1);
    assertThat(calibration.probability(9)).isEqualTo(1);
  }

  @Test
  void errorsOfNumbersCannotBeEstimated() {
    Calibration calibration = Calibration.of(new double[] {1}, new double[] {1});
    assertThatThrownBy(() -> new ConfidenceEstimate(Metric.RMSE, calibration, 0.5))
        .hasMessageContaining("metric rmse");
  }
}
