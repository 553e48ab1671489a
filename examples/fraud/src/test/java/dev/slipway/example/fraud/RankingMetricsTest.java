package dev.slipway.example.fraud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class RankingMetricsTest {
  /** Worked by hand: of 2 x 2 pairs three are in order; precision 1/1 at recall 1/2, 2/3 at 1. */
  @Test
  void aSmallCaseWorkedByHand() {
    RankingMetrics metrics =
        RankingMetrics.of(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, new float[] {0, 0, 1, 1});

    assertThat(metrics.auc()).isEqualTo(0.75);
    assertThat(metrics.averagePrecision()).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
  }

  @Test
  void equalScoresAreWorthACoin() {
    RankingMetrics metrics =
        RankingMetrics.of(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new float[] {1, 0, 0, 0});

    assertThat(metrics.auc()).isEqualTo(0.5);
    assertThat(metrics.averagePrecision()).isEqualTo(0.25);
  }

  @Property
  void aucIsTheShareOfPairsInOrder(@ForAll @Size(min = 2, max = 40) byte[] bytes) {
    float[] scores = new float[bytes.length];
    float[] labels = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      scores[i] = bytes[i] >> 4;
      labels[i] = bytes[i] & 1;
    }
    labels[0] = 0;
    labels[1] = 1;

    double inOrder = 0;
    int pairs = 0;
    for (int fraud = 0; fraud < labels.length; fraud++) {
      for (int genuine = 0; genuine < labels.length; genuine++) {
        if (labels[fraud] == 1 && labels[genuine] == 0) {
          pairs++;
          inOrder += scores[fraud] > scores[genuine] ? 1 : 0;
          inOrder += scores[fraud] == scores[genuine] ? 0.5 : 0;
        }
      }
    }
    assertThat(RankingMetrics.of(scores, labels).auc()).isCloseTo(inOrder / pairs, within(1e-12));
  }

  @Test
  void oneClassAloneIsRefused() {
    assertThatThrownBy(() -> RankingMetrics.of(new float[] {1, 2}, new float[] {0, 0}))
        .hasMessage("labels: 0 frauds of 2 (expected: both classes)");
    assertThatThrownBy(() -> RankingMetrics.of(new float[] {1, 2}, new float[] {0}))
        .hasMessage("labels: 1 (expected: 2, one for each score)");
  }
}
