package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  @Test
  void bytesEarnTimeAndWaitingSpendsIt() {
    Patience patience = new Patience(30);
    assertThat(seconds(patience.leftNanos(0))).isEqualTo(30);
    patience.waited(TimeUnit.SECONDS.toNanos(20));
    assertThat(seconds(patience.leftNanos(0))).isEqualTo(10);
    assertThat(seconds(patience.leftNanos(5 * 1_024))).isEqualTo(15);
    patience.waited(TimeUnit.SECONDS.toNanos(16));
    assertThat(patience.leftNanos(5 * 1_024)).isNegative();
  }

  /** A gibibyte sent fast would otherwise earn twelve days. */
  @Test
  void whoWasFastHasNotEarnedASilence() {
    Patience patience = new Patience(30);
    assertThat(seconds(patience.leftNanos(1L << 30))).isEqualTo(60);
    patience.waited(TimeUnit.SECONDS.toNanos(61));
    assertThat(patience.leftNanos(1L << 30)).isNegative();
  }
}
