package dev.slipway.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.store.client.SavedLogins.Login;
import java.net.URI;
import java.time.Instant;

/** Reads the answer of a token endpoint, RFC 6749 section 5.1. */
final class TokenAnswer {
  /** Where the provider names no lifetime. */
  private static final long LIFETIME_SECONDS = 300;

  private static final long LIFETIME_SECONDS_MAX = 86_400;

  private TokenAnswer() {}

  /**
   * @param refreshToken that holds unless the answer has another; empty for none
   * @throws CliFailure if there is no bearer token in it
   */
  static Login login(
      String issuer,
      String clientId,
      URI tokenEndpoint,
      String revocationEndpoint,
      JsonNode answer,
      String refreshToken,
      Instant now) {
    String token = answer.path("access_token").asText("");
    if (token.isEmpty() || !answer.path("token_type").asText("").equalsIgnoreCase("Bearer")) {
      throw new CliFailure(
          ExitCode.ERROR,
          "log in",
          "the provider answers without a bearer token",
          "whoever runs the server: which client is oidc-cli-client-id?");
    }
    return new Login(
        issuer,
        clientId,
        tokenEndpoint.toString(),
        revocationEndpoint,
        token,
        answer.path("refresh_token").asText(refreshToken),
        now.plusSeconds(
            Math.clamp(
                answer.path("expires_in").asLong(LIFETIME_SECONDS), 1, LIFETIME_SECONDS_MAX)));
  }
}
