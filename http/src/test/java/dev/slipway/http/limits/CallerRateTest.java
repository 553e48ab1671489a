package dev.slipway.http.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallerRateTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aSecondsWorthIsAllowedAndOneMoreIsNot() {
    CallerRate rate = new CallerRate(10);
    for (int i = 0; i < 10; i++) {
      assertThat(rate.tryTake("a", 0)).isTrue();
    }
    assertThat(rate.tryTake("a", 0)).isFalse();
    assertThat(rate.tryTake("b", 0)).isTrue();
  }

  @Test
  void tokensComeBackEvenly() {
    CallerRate rate = new CallerRate(10);
    for (int i = 0; i < 10; i++) {
      rate.tryTake("a", 0);
    }
    assertThat(rate.tryTake("a", SECOND / 20)).isFalse();
    assertThat(rate.tryTake("a", SECOND / 10)).isTrue();
    assertThat(rate.tryTake("a", SECOND / 10)).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(rate.tryTake("a", 100 * SECOND)).isTrue();
    }
    assertThat(rate.tryTake("a", 100 * SECOND)).isFalse();
  }

  @Test
  void aRateBelowOneASecondStillLetsOneThrough() {
    CallerRate rate = new CallerRate(0.5);
    assertThat(rate.tryTake("a", 0)).isTrue();
    assertThat(rate.tryTake("a", SECOND)).isFalse();
    assertThat(rate.tryTake("a", 2 * SECOND)).isTrue();
  }

  @Test
  void manyCallersNeedBoundedMemoryAndOneThatIsLimitedStaysSo() {
    CallerRate rate = new CallerRate(1);
    for (int i = 0; i < CallerRate.CALLERS_MAX - 1; i++) {
      rate.tryTake("old" + i, 0);
    }
    assertThat(rate.tryTake("busy", 10 * SECOND)).isTrue();
    // Room is made by forgetting the callers whose buckets are full again.
    assertThat(rate.tryTake("new", 10 * SECOND)).isTrue();
    assertThat(rate.tryTake("busy", 10 * SECOND)).isFalse();
  }

  @Test
  void allEventLoopsTogetherGiveACallerItsRateAndNoMore() throws InterruptedException {
    CallerRate rate = new CallerRate(1_000);
    AtomicInteger allowed = new AtomicInteger();
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int request = 0; request < 700; request++) {
                      if (rate.tryTake("a", 5)) {
                        allowed.incrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    assertThat(allowed).hasValue(1_000);
  }

  @Test
  void aCrowdOfLimitedCallersIsForgottenRatherThanSearchedAgainAndAgain() {
    CallerRate rate = new CallerRate(1);
    for (int i = 0; i < CallerRate.CALLERS_MAX; i++) {
      rate.tryTake("caller" + i, 0);
    }
    assertThat(rate.tryTake("caller0", 0)).isFalse();
    assertThat(rate.tryTake("new", 0)).isTrue();
    assertThat(rate.tryTake("caller0", 0)).isTrue();
  }

  @Test
  void noRateIsNoRate() {
    assertThatThrownBy(() -> new CallerRate(0)).hasMessageContaining("rate: 0");
    assertThatThrownBy(() -> new CallerRate(Double.NaN)).hasMessageContaining("rate: NaN");
  }
}
