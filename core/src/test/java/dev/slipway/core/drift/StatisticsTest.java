package dev.slipway.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void equalCountsDoNotDiffer() {
    FeatureDrift drift = drift(Map.of("a", 30L, "b", 10L), Map.of("a", 30L, "b", 10L));

    assertThat(
            List.of(
                drift.psi(),
                drift.kullbackLeibler(),
                drift.jensenShannon(),
                drift.hellinger(),
                drift.totalVariation(),
                drift.chiSquare().statistic()))
        .containsOnly(0.0);
    assertThat(drift.chiSquare().pValue()).isEqualTo(1);
  }

  /**
   * By hand: shares 30.5/41 and 10.5/41 against 10.5/41 and 30.5/41; OTHER and MISSING are empty.
   */
  @Test
  void emptyBinsAreDroppedAndTheOthersSmoothed() {
    FeatureDrift drift = drift(Map.of("a", 30L, "b", 10L), Map.of("a", 10L, "b", 30L));

    assertThat(drift.bins()).isEqualTo(2);
    assertThat(drift.psi()).isCloseTo(2 * (20 / 41.0) * Math.log(30.5 / 10.5), within(1e-15));
    assertThat(drift.kullbackLeibler()).isCloseTo(20 / 41.0 * Math.log(30.5 / 10.5), within(1e-15));
    assertThat(drift.totalVariation()).isCloseTo(20 / 41.0, within(1e-15));
    // Pearson: four cells of 20 +- 10.
    assertThat(drift.chiSquare().statistic()).isCloseTo(20, within(1e-12));
    assertThat(drift.psiWithoutDrift()).isCloseTo(1 / 40.0 + 1 / 40.0, within(1e-15));
  }

  @Test
  void whatHasNothingInCommonIsAtTheUpperBounds() {
    FeatureDrift drift = drift(Map.of("a", 1_000_000_000L), Map.of("b", 1_000_000_000L));

    assertThat(drift.jensenShannon()).isCloseTo(Math.sqrt(Math.log(2)), within(1e-6));
    assertThat(drift.jensenShannonBase2()).isCloseTo(1, within(1e-6));
    assertThat(drift.hellinger()).isCloseTo(1, within(1e-4));
    assertThat(drift.totalVariation()).isCloseTo(1, within(1e-8));
    assertThat(drift.chiSquare().pValue()).isZero();
  }

  /** Critical values as tables of the chi-square distribution print them. */
  @Test
  void chiSquareHasTheTailsOfTheTables() {
    assertThat(ChiSquare.upperTail(3.841_458_820_694_124, 1)).isCloseTo(0.05, within(1e-12));
    assertThat(ChiSquare.upperTail(23.209_251_158_954_36, 10)).isCloseTo(0.01, within(1e-12));
    assertThat(ChiSquare.upperTail(77.929_465_165_017_19, 100)).isCloseTo(0.95, within(1e-12));
    assertThat(ChiSquare.upperTail(2, 2)).isCloseTo(Math.exp(-1), within(1e-14));
    assertThat(ChiSquare.upperTail(0, 0)).isEqualTo(1);
    assertThat(ChiSquare.upperTail(5_000, 3)).isZero();
  }

  /** As SciPy's {@code special.kolmogorov} has them. */
  @Test
  void kolmogorovHasTheTailsOfItsLimit() {
    assertThat(Kolmogorov.upperTail(0.3)).isCloseTo(0.999_990_694_198_665_5, within(1e-14));
    assertThat(Kolmogorov.upperTail(0.83)).isCloseTo(0.496_190_995_350_503_6, within(1e-14));
    assertThat(Kolmogorov.upperTail(1.36)).isCloseTo(0.049_485_876_755_377_876, within(1e-15));
    assertThat(Kolmogorov.upperTail(3)).isCloseTo(3.045_995_948_942_526e-8, within(1e-21));
    assertThat(Kolmogorov.upperTail(0)).isEqualTo(1);
    // Both series give the same where one takes over from the other.
    assertThat(Kolmogorov.upperTail(Math.nextDown(1.0)))
        .isCloseTo(Kolmogorov.upperTail(1), within(1e-14));
  }

  @Test
  void logGammaIsThatOfFactorials() {
    double logFactorial = 0;
    for (int n = 1; n <= 60; n++) {
      assertThat(LogGamma.of(n)).isCloseTo(logFactorial, within(1e-13 * Math.max(1, logFactorial)));
      logFactorial += Math.log(n);
    }
    assertThat(LogGamma.of(0.5)).isCloseTo(Math.log(Math.PI) / 2, within(1e-14));
  }

  /** The example of Benjamini and Hochberg (1995): at 0.05 the first four are rejected. */
  @Test
  void benjaminiHochbergRejectsWhatThePaperRejects() {
    double[] p = {
      0.0459, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0000
    };

    double[] adjusted = BenjaminiHochberg.adjusted(p);

    for (int i = 0; i < p.length; i++) {
      assertThat(adjusted[i] <= 0.05).as("p = %s", p[i]).isEqualTo(p[i] <= 0.0095);
      assertThat(adjusted[i]).isBetween(p[i], 1.0);
    }
    assertThat(adjusted[1]).isCloseTo(0.0015, within(1e-15));
    assertThat(BenjaminiHochberg.adjusted(new double[0])).isEmpty();
  }

  @Test
  void twoOfThreeWindowsAlertAndTheBoundGrowsWhereWindowsAreSmall() {
    AlertRule rule = new AlertRule(0.01, 3, 2);
    assertThat(rule.alerts(List.of(true))).isFalse();
    assertThat(rule.alerts(List.of(true, true))).isTrue();
    assertThat(rule.alerts(List.of(true, true, false, false))).isFalse();
    assertThat(rule.alerts(List.of(false, true, false, true))).isTrue();

    ReferenceWindows usual =
        new ReferenceWindows(
            1_000_000,
            List.of(
                new ReferenceWindows.Window(0.02, 1_000),
                new ReferenceWindows.Window(0.04, 1_000)));
    double atThousand = 0.03 + 3 * Math.sqrt(2) * 0.01;
    assertThat(rule.bound(usual, 1_000)).isCloseTo(atThousand, within(1e-15));
    assertThat(rule.bound(usual, 100)).isCloseTo(10 * atThousand, within(0.01 * atThousand * 10));
    // What differs between hours does not vanish with more traffic.
    assertThat(rule.bound(usual, 1_000_000)).isCloseTo(atThousand, within(1e-15));
    assertThat(new AlertRule(0.5, 3, 2).bound(usual, 1_000)).isEqualTo(0.5);
  }

  @Test
  void textsBeyondTheMostFrequentAreOtherAndUnseenIfAllWereKnown() {
    BinRules two = new BinRules(20, 0.1, 2);
    Map<String, Long> three = Map.of("a", 3L, "b", 2L, "c", 2L);

    CategoricalReference some = CategoricalReference.of("f", three, 1, two);
    assertThat(some.bins())
        .containsExactly(
            new Bin.Category("a"),
            new Bin.Category("b"),
            Bin.Rest.OTHER,
            Bin.Rest.MISSING,
            Bin.Rest.INVALID);
    assertThat(some.counts()).isEqualTo(new BinCounts(new long[] {3, 2, 2, 1, 0}, 0, 0));
    assertThat(DataQuality.of(some, some.counts()).unseen()).isNaN();

    CategoricalReference all = CategoricalReference.of("f", three, 1, BinRules.DEFAULT);
    CategoricalCounter counter = new CategoricalCounter(all);
    counter.add("a");
    counter.add("new", 3);
    assertThat(DataQuality.of(all, counter.counts()).unseen()).isEqualTo(0.75);
    FeatureReference read = ReferenceJson.read(ReferenceJson.write(all));
    assertThat(read.bins()).isEqualTo(all.bins());
    assertThat(read.counts()).isEqualTo(all.counts());
  }

  @Test
  void countsOfAnotherReferenceAreRefused() {
    CategoricalReference reference =
        CategoricalReference.of("f", Map.of("a", 1L), 0, BinRules.DEFAULT);

    assertThatThrownBy(() -> FeatureDrift.of(reference, BinCounts.none(9)))
        .hasMessage("9 bins (expected: 4, of the same reference)");
    assertThatThrownBy(() -> FeatureDrift.of(reference, BinCounts.none(4)))
        .hasMessage("feature f: 1 reference and 0 current values (expected: at least one each)");
  }

  private static FeatureDrift drift(Map<String, Long> before, Map<String, Long> now) {
    CategoricalReference reference = CategoricalReference.of("f", before, 0, BinRules.DEFAULT);
    CategoricalCounter counter = new CategoricalCounter(reference);
    now.forEach(counter::add);
    return FeatureDrift.of(reference, counter.counts());
  }
}
