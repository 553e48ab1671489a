package dev.slipway.cli.login;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.login.ProviderClient.Reply;
import dev.slipway.store.client.SavedLogins;
import dev.slipway.store.client.SavedLogins.Login;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The logins of this user: kept, renewed when they have expired, forgotten. */
public final class Logins {
  /** A token that ends sooner may have ended when it arrives. */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private final SavedLogins saved;
  private final InstantSource clock;

  public Logins(Environment environment) {
    this(SavedLogins.ofUser(environment.variables(), environment.home()), InstantSource.system());
  }

  Logins(SavedLogins saved, InstantSource clock) {
    this.saved = saved;
    this.clock = clock;
  }

  /**
   * The access token for a server, renewed if it has expired.
   *
   * @return empty if nobody has logged in there
   * @throws CliFailure IDENTITY if it cannot be renewed any more; DEGRADED if the provider does not
   *     answer
   */
  public Optional<String> token(URI server) {
    try {
      Optional<Login> login = saved.find(server.toString());
      if (login.isPresent() && !isGood(login.get())) {
        login =
            saved.change(
                server.toString(),
                // Another process may have renewed it meanwhile.
                now -> isGood(now) ? now : renewed(server, now));
      }
      return login.map(Login::accessToken);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  public void keep(URI server, Login login) {
    try {
      saved.put(server.toString(), login);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Forgets the login at a server, and tells its provider so.
   *
   * @return whether there was one
   */
  public boolean forget(URI server) {
    try {
      Optional<Login> login = saved.find(server.toString());
      saved.remove(server.toString());
      login.ifPresent(Logins::revoke);
      return login.isPresent();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private boolean isGood(Login login) {
    return clock.instant().isBefore(login.expiry().minus(MARGIN));
  }

  private Login renewed(URI server, Login login) {
    if (login.refreshToken().isEmpty()) {
      throw ended(server, "it has expired");
    }
    Instant now = clock.instant();
    Reply reply;
    try (ProviderClient provider = new ProviderClient()) {
      reply =
          provider.post(
              URI.create(login.tokenEndpoint()),
              Map.of(
                  "grant_type", "refresh_token",
                  "refresh_token", login.refreshToken(),
                  "client_id", login.clientId()));
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.DEGRADED,
          "renew the login at " + server,
          "the provider %s does not answer: %s".formatted(login.issuer(), e),
          "the same again a little later");
    }
    if (reply.status() != 200) {
      if (reply.status() >= 500) {
        throw new CliFailure(
            ExitCode.DEGRADED,
            "renew the login at " + server,
            "the provider %s answers %s".formatted(login.issuer(), reply.errorText()),
            "the same again a little later");
      }
      throw ended(server, "the provider does not renew it: " + reply.errorText());
    }
    return TokenAnswer.login(
        login.issuer(),
        login.clientId(),
        URI.create(login.tokenEndpoint()),
        login.revocationEndpoint(),
        reply.body(),
        login.refreshToken(),
        now);
  }

  /** RFC 7009. Whoever does not answer keeps a token that ends by itself. */
  private static void revoke(Login login) {
    if (login.revocationEndpoint().isEmpty() || login.refreshToken().isEmpty()) {
      return;
    }
    try (ProviderClient provider = new ProviderClient()) {
      Reply ignored =
          provider.post(
              URI.create(login.revocationEndpoint()),
              Map.of(
                  "token", login.refreshToken(),
                  "token_type_hint", "refresh_token",
                  "client_id", login.clientId()));
    } catch (IOException e) {
      // It is forgotten here, which was asked for.
    }
  }

  private static CliFailure ended(URI server, String why) {
    return new CliFailure(
        ExitCode.IDENTITY,
        "use the login at " + server,
        why,
        "slipway login, or slipway logout to go on without");
  }

  private CliFailure unusable(IOException e) {
    return new CliFailure(
        ExitCode.ERROR,
        "use the logins",
        "%s: %s".formatted(saved.file(), e),
        "see that the file can be read and written, or remove it");
  }
}
