package dev.slipway.http.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.http.identity.Access;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class AccountRateTest {
  private static final HttpLimits D = HttpLimits.DEFAULT;

  /** So slow that no second request of an account comes through while the test runs. */
  private static final HttpLimits SLOW =
      new HttpLimits(
          D.bodyBytesMax(),
          D.decompressedBytesMax(),
          D.bufferedBytesMax(),
          D.artifactBytesMax(),
          D.headerBytesMax(),
          D.connectionsMax(),
          D.callerRatePerSecond(),
          0.001,
          D.controlRequestsMax(),
          D.idleSeconds(),
          D.bodySeconds(),
          D.streamsPerConnectionMax(),
          D.streamInFlightMax());

  @Test
  void eachAccountHasItsOwnAndCallersWithoutOneHaveNone() {
    KnownTokens tokens = new KnownTokens();
    tokens.add("a", Rights.of(Role.VIEWER));
    tokens.add("b", Rights.of(Role.VIEWER));
    try (RunningServer running =
        RunningServer.start(
            SLOW, new Access(tokens, true, KnownTokens.uses(), InstantSource.system()))) {
      assertThat(ask(running, "a").statusCode()).isEqualTo(200);
      HttpResponse<byte[]> refused = ask(running, "a");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("from one account");
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(ask(running, "b").statusCode()).isEqualTo(200);
      assertThat(running.get("/v2").statusCode()).isEqualTo(200);
      assertThat(running.get("/v2").statusCode()).isEqualTo(200);
      assertThat(new String(running.get("/metrics").body(), StandardCharsets.UTF_8))
          .contains("limit=\"account_rate\"");
    }
  }

  private static HttpResponse<byte[]> ask(RunningServer running, String token) {
    return running.send(running.request("/v2").header("authorization", "Bearer " + token).GET());
  }
}
