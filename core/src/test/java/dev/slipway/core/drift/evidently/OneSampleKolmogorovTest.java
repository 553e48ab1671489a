package dev.slipway.core.drift.evidently;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneSampleKolmogorovTest {
  /** The expected ones are SciPy's, {@code stats.kstwo.sf(d, n)}. */
  @ParameterizedTest
  @CsvSource({
    "1, 0.5, 1.0",
    "1, 0.7, 0.6000000000000001",
    "5, 0.05, 1.0",
    "5, 0.15, 0.9988",
    "5, 0.3, 0.664",
    "10, 0.45, 0.022891810311718164",
    "20, 0.6, 2.0483011649719853e-07",
    "90, 0.02, 0.9999999999984233",
    "90, 0.06, 0.8827664145085438",
    "90, 0.1, 0.30828235590388936",
    "90, 0.2, 0.0012446367784449644",
    "90, 0.3, 1.113362757100819e-07",
    "140, 0.05, 0.8576480297656114",
    "140, 0.169, 0.0005778682806183945",
    "141, 0.05, 0.854845693009663",
    "141, 0.12, 0.03160060527758468",
    "141, 0.13, 0.015449346308454497",
    "1000, 0.01, 0.9999496745370611",
    "1000, 0.03, 0.3226902143914636",
    "1000, 0.06, 0.001428597887952891",
    "11328, 0.00993, 0.21252937154897922",
    "11328, 0.45, 0.0",
    "100000, 0.002, 0.8178408363081542",
    "100000, 0.0047, 0.024040916622911235",
    "100000, 0.01, 4.093278023549254e-09"
  })
  void theOneSampleTailIsSciPys(int n, double d, double tail) {
    assertThat(OneSampleKolmogorov.upperTail(n, d)).isCloseTo(tail, within(1e-9 * tail + 1e-12));
  }

  /** Of the six orders of two and two values, two separate them: 2 / 6. */
  @Test
  void fewValuesAreCounted() {
    assertThat(SmirnovTest.of(new long[] {2, 0}, new long[] {0, 2}))
        .isEqualTo(new SmirnovTest(1, 2 / 6.0));
    assertThat(SmirnovTest.of(new long[] {1, 1}, new long[] {1, 1}))
        .isEqualTo(new SmirnovTest(0, 1));
  }
}
