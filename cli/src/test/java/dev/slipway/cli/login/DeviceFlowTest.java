package dev.slipway.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.login.DeviceFlow.Invitation;
import dev.slipway.cli.login.DeviceFlow.Offer;
import dev.slipway.store.client.SavedLogins.Login;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The device flow with a provider that answers over HTTP, and a clock that only pauses move. */
@Timeout(60)
class DeviceFlowTest {
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
  private static final Duration LONG = Duration.ofHours(1);

  private final DeviceProvider provider = new DeviceProvider();
  private final ProviderClient client = new ProviderClient();
  private final List<Long> pauses = new ArrayList<>();
  private final List<Invitation> invitations = new ArrayList<>();
  private Instant now = START;

  @AfterEach
  void stop() {
    client.close();
    provider.close();
  }

  private Login run(Duration longest) {
    return new DeviceFlow(
            client,
            () -> now,
            time -> {
              pauses.add(time.toSeconds());
              now = now.plus(time);
            })
        .run(
            new Offer(provider.issuer, "slipway-cli", List.of("openid", "email")),
            longest,
            invitations::add);
  }

  private void assertFails(ExitCode exit, String why, String next) {
    assertThatThrownBy(() -> run(LONG))
        .isInstanceOfSatisfying(
            CliFailure.class,
            e -> {
              assertThat(e.exitCode()).as(e.why()).isEqualTo(exit);
              assertThat(e.why()).contains(why).doesNotContain("\u001b");
              assertThat(e.next()).contains(next);
            });
  }

  @Test
  void aPersonIsShownTheCodeAndTheTokensArriveWhenTheyEnteredIt() {
    provider.thenError("authorization_pending").thenTokens("at", "rt");

    Login login = run(LONG);

    assertThat(invitations)
        .containsExactly(
            new Invitation(
                URI.create("https://id.example/device"),
                URI.create("https://id.example/device?user_code=ABCD-EFGH"),
                "ABCD-EFGH",
                Duration.ofMinutes(10)));
    assertThat(login)
        .isEqualTo(
            new Login(
                provider.issuer,
                "slipway-cli",
                provider.url() + "/token",
                provider.url() + "/revoke",
                "at",
                "rt",
                START.plusSeconds(10 + 300)));
    assertThat(provider.forms().getFirst())
        .startsWith("/device ")
        .contains("client_id=slipway-cli", "scope=openid+email");
    assertThat(provider.forms().getLast())
        .startsWith("/token ")
        .contains(
            "client_id=slipway-cli",
            "device_code=dc",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code");
    assertThat(login.toString()).doesNotContain("at,", "rt");
  }

  @Test
  void thePauseIsTheProvidersAndGrowsByFiveSecondsWhenItAsksForThat() {
    provider.device = provider.device.replace("\"interval\":5", "\"interval\":2");
    provider
        .thenError("authorization_pending")
        .thenError("slow_down")
        .thenError("authorization_pending")
        .thenError("slow_down")
        .thenTokens("at", "rt");

    run(LONG);

    assertThat(pauses).containsExactly(2L, 2L, 7L, 7L, 12L);
  }

  @Test
  void whoRefusesIsToldSo() {
    provider.thenError("access_denied");
    assertFails(ExitCode.IDENTITY, "it was refused at the provider", "slipway login");
  }

  @Test
  void aCodeThatExpiredAsksForAnother() {
    provider.thenError("expired_token");
    assertFails(ExitCode.TIMEOUT, "it has expired", "slipway login");
    assertThat(pauses).hasSize(1);
  }

  @Test
  void itAsksNoLongerThanTheCodeLivesAndTheUserWants() {
    provider.thenError("authorization_pending");
    assertFails(ExitCode.TIMEOUT, "it has expired", "slipway login");
    assertThat(pauses).hasSize(120);

    pauses.clear();
    assertThatThrownBy(() -> run(Duration.ofSeconds(12))).hasMessageContaining("it has expired");
    assertThat(pauses).hasSize(3);
  }

  @Test
  void whatElseTheProviderSaysIsShownWithoutControlCharacters() {
    provider.thenError("invalid_client");
    assertFails(ExitCode.ERROR, "invalid_client: why ?[31m", "whoever runs the server");
    provider.device = "{\"error\":\"unauthorized_client\"}";
    assertFails(ExitCode.ERROR, "offers no code: unauthorized_client", "oidc-cli-client-id");
  }

  @Test
  void aProviderThatIsDownForAWhileIsAskedAgainAndMoreSeldom() {
    int[] asked = {0};
    provider.thenTokens("at", "rt");
    DeviceFlow flow =
        new DeviceFlow(
            client,
            () -> now,
            time -> {
              pauses.add(time.toSeconds());
              now = now.plus(time);
              if (asked[0]++ == 0) {
                provider.hangUp(2);
              }
            });
    Login login =
        flow.run(new Offer(provider.issuer, "c", List.of("openid")), LONG, invitations::add);
    assertThat(login.accessToken()).isEqualTo("at");
    assertThat(pauses).containsExactly(5L, 10L, 20L);
  }

  @Test
  void nothingIsAskedOfAProviderThatIsNotTheOneOrNotSafe() {
    String good = provider.issuer;
    provider.issuer = "http://127.0.0.1:1/realm";
    assertFails(ExitCode.DEGRADED, "does not answer as it should", "a little later");
    provider.issuer = "http://id.example";
    assertFails(ExitCode.DEGRADED, "issuer: 'http://id.example' (expected: an https URL", "");
    provider.issuer = good + "/";
    assertThat(provider.forms()).isEmpty();
    assertThatThrownBy(
            () ->
                new DeviceFlow(client).run(new Offer(good, "c", List.of()), LONG, invitations::add))
        .hasMessageContaining("names the issuer");
    provider.issuer = good;
    provider.deviceEndpoint = "http://evil.example/device";
    assertFails(ExitCode.DEGRADED, "device_authorization_endpoint: 'http://evil.example", "");
    provider.deviceEndpoint = "";
    assertFails(ExitCode.DEGRADED, "device_authorization_endpoint: ''", "");
    assertThat(invitations).isEmpty();
  }

  @Test
  void anAnswerWithoutABearerTokenIsNone() {
    provider.then(200, "{\"access_token\":\"x\",\"token_type\":\"mac\"}");
    assertFails(ExitCode.ERROR, "without a bearer token", "");
  }
}
