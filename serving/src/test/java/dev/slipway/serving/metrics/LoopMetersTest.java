package dev.slipway.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.inference.Protocol;
import org.junit.jupiter.api.Test;

class LoopMetersTest {
  @Test
  void countsOfVariantsThatAreGoneAreKeptUpToABound() {
    LoopMeters meters = new LoopMeters();
    for (int version = 1; version <= 500; version++) {
      VariantKey key = new VariantKey("m", version);
      meters.meter(key).recordSuccess(Protocol.REST);
      meters.retire(key);
    }
    assertThat(meters.snapshots(key -> 0)).hasSize(LoopMeters.RETIRED_MAX);
    assertThat(meters.snapshots(key -> 0))
        .extracting(VariantSnapshot::key)
        .contains(new VariantKey("m", 500));
  }

  @Test
  void aVariantThatComesBackGoesOnCounting() {
    LoopMeters meters = new LoopMeters();
    VariantKey key = new VariantKey("m", 1);
    meters.meter(key).recordSuccess(Protocol.GRPC);
    meters.retire(key);
    meters.meter(key).recordSuccess(Protocol.GRPC);
    for (int version = 2; version < 200; version++) {
      meters.meter(new VariantKey("m", version));
      meters.retire(new VariantKey("m", version));
    }
    assertThat(meters.snapshots(any -> 0))
        .filteredOn(snapshot -> snapshot.key().equals(key))
        .singleElement()
        .satisfies(
            snapshot ->
                assertThat(snapshot.requests().count(Outcome.SUCCESS, Protocol.GRPC)).isEqualTo(2));
  }
}
