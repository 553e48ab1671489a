package dev.slipway.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.login.ProviderClient.Reply;
import dev.slipway.core.identity.ProviderUrl;
import dev.slipway.store.client.SavedLogins.Login;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets tokens for a person who signs in with a browser somewhere else, RFC 8628: the provider gives
 * a code, the person enters it there, and this asks until that is done.
 */
public final class DeviceFlow {
  private static final String WHAT = "log in";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  /** RFC 8628 section 3.5: where the provider names no pause, and by how much it grows. */
  private static final long PAUSE_SECONDS = 5;

  private static final long PAUSE_SECONDS_MAX = 60;

  private final ProviderClient provider;
  private final InstantSource clock;
  private final Pause pause;

  /** Waits; replaced by tests. */
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /** Waits as long as it is asked to. */
  public DeviceFlow(ProviderClient provider) {
    this(provider, InstantSource.system(), time -> Thread.sleep(time));
  }

  DeviceFlow(ProviderClient provider, InstantSource clock, Pause pause) {
    this.provider = provider;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Whom to ask, as the server says.
   *
   * @param clientId what the command line is to the provider
   */
  public record Offer(String issuer, String clientId, List<String> scopes) {
    public Offer {
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * What the person is asked to do.
   *
   * @param address that they open
   * @param whole the same with the code in it; null if the provider offers none
   * @param code that they enter there
   */
  public record Invitation(URI address, @Nullable URI whole, String code, Duration lifetime) {}

  /**
   * @param longest time that the person may take, if the provider grants so much
   * @param invite is told once what to show to the person
   * @throws CliFailure if it does not come about, with the reason and the next command
   */
  public Login run(Offer offer, Duration longest, Consumer<Invitation> invite) {
    Endpoints endpoints = endpoints(offer);
    Reply begun =
        ask(
            endpoints.device,
            Map.of("client_id", offer.clientId(), "scope", String.join(" ", offer.scopes())));
    String deviceCode = begun.body().path("device_code").asText("");
    Invitation invitation = invitation(begun, deviceCode);
    Duration lifetime = invitation.lifetime.compareTo(longest) < 0 ? invitation.lifetime : longest;
    Instant end = clock.instant().plus(lifetime);
    invite.accept(invitation);
    JsonNode tokens =
        await(
            endpoints.token,
            Map.of("grant_type", GRANT, "device_code", deviceCode, "client_id", offer.clientId()),
            Math.clamp(begun.body().path("interval").asLong(PAUSE_SECONDS), 1, PAUSE_SECONDS_MAX),
            end);
    return TokenAnswer.login(
        offer.issuer(),
        offer.clientId(),
        endpoints.token,
        endpoints.revocation,
        tokens,
        "",
        clock.instant());
  }

  private record Endpoints(URI device, URI token, String revocation) {}

  private Endpoints endpoints(Offer offer) {
    try {
      JsonNode discovery = provider.discovery(offer.issuer());
      return new Endpoints(
          ProviderClient.endpoint(discovery, "device_authorization_endpoint"),
          ProviderClient.endpoint(discovery, "token_endpoint"),
          discovery.has("revocation_endpoint")
              ? ProviderClient.endpoint(discovery, "revocation_endpoint").toString()
              : "");
    } catch (IOException e) {
      throw unreachable(offer.issuer(), e);
    }
  }

  private Reply ask(URI endpoint, Map<String, String> form) {
    try {
      return provider.post(endpoint, form);
    } catch (IOException e) {
      throw unreachable(endpoint.toString(), e);
    }
  }

  private static Invitation invitation(Reply begun, String deviceCode) {
    JsonNode body = begun.body();
    String code = ProviderClient.plain(body.path("user_code").asText(""));
    URI address = page(body.path("verification_uri").asText(""));
    if (begun.status() != 200 || deviceCode.isEmpty() || code.isEmpty() || address == null) {
      throw new CliFailure(
          ExitCode.ERROR,
          WHAT,
          "the provider offers no code: " + begun.errorText(),
          "whoever runs the server: is the device grant allowed for oidc-cli-client-id?");
    }
    return new Invitation(
        address,
        page(body.path("verification_uri_complete").asText("")),
        code,
        Duration.ofSeconds(Math.clamp(body.path("expires_in").asLong(600), 1, 3_600)));
  }

  /** A page that a person can open; null if it is none. */
  private static @Nullable URI page(String text) {
    return ProviderUrl.uri(text)
        .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
        .filter(uri -> uri.getHost() != null)
        .map(uri -> URI.create(uri.toASCIIString()))
        .orElse(null);
  }

  /** Asks until there are tokens. */
  private JsonNode await(
      URI endpoint, Map<String, String> form, long firstPauseSeconds, Instant end) {
    long seconds = firstPauseSeconds;
    while (true) {
      pause(Duration.ofSeconds(seconds));
      if (!clock.instant().isBefore(end)) {
        throw tooLate();
      }
      Reply reply;
      try {
        reply = provider.post(endpoint, form);
      } catch (IOException e) {
        // It may be back before the code expires, RFC 8628 section 3.5.
        seconds = Math.min(PAUSE_SECONDS_MAX, seconds * 2);
        continue;
      }
      if (reply.status() == 200) {
        return reply.body();
      }
      switch (reply.error()) {
        case "authorization_pending" -> {}
        case "slow_down" -> seconds = Math.min(PAUSE_SECONDS_MAX, seconds + PAUSE_SECONDS);
        case "expired_token" -> throw tooLate();
        case "access_denied" ->
            throw new CliFailure(
                ExitCode.IDENTITY,
                WHAT,
                "it was refused at the provider",
                "slipway login, and allow it there");
        default ->
            throw new CliFailure(
                ExitCode.ERROR,
                WHAT,
                "the provider gives no token: " + reply.errorText(),
                "slipway login; if it stays so, whoever runs the server");
      }
    }
  }

  private void pause(Duration time) {
    try {
      pause.of(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFailure(ExitCode.ERROR, WHAT, "interrupted", "slipway login");
    }
  }

  private static CliFailure tooLate() {
    return new CliFailure(
        ExitCode.TIMEOUT,
        WHAT,
        "nobody entered the code in time; it has expired",
        "slipway login, which gives another code");
  }

  private static CliFailure unreachable(String whom, IOException e) {
    return new CliFailure(
        ExitCode.DEGRADED,
        WHAT,
        "the provider %s does not answer as it should: %s".formatted(whom, reason(e)),
        "the same again a little later");
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
