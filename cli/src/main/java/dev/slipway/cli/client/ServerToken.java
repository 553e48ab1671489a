package dev.slipway.cli.client;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.login.Logins;
import dev.slipway.store.client.KnownServers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the token for a server. The first place that has one wins: {@code SLIPWAY_TOKEN}, the file
 * that {@code SLIPWAY_TOKEN_FILE} names, a login of this user, what the server left for its own
 * user on this machine.
 */
public final class ServerToken {
  private ServerToken() {}

  /**
   * @param server its address, without a slash at its end
   * @return empty if there is none, which the loopback does not need for most
   * @throws CliFailure USAGE if the file that is named cannot be read; IDENTITY or DEGRADED if a
   *     login cannot be renewed
   */
  public static Optional<String> find(Environment environment, URI server) {
    String token = environment.variable("SLIPWAY_TOKEN").strip();
    if (!token.isEmpty()) {
      return Optional.of(token);
    }
    String file = environment.variable("SLIPWAY_TOKEN_FILE");
    if (!file.isEmpty()) {
      try {
        return Optional.of(Files.readString(environment.folder().resolve(file)).strip());
      } catch (IOException e) {
        throw new CliFailure(
            ExitCode.USAGE,
            "read the token",
            "SLIPWAY_TOKEN_FILE: %s cannot be read: %s".formatted(file, e.getMessage()),
            "unset SLIPWAY_TOKEN_FILE, or name a file that can be read");
      }
    }
    return new Logins(environment)
        .token(server)
        .or(() -> known(environment).token(server.toString()));
  }

  /**
   * The code that a server left for whoever is to be its first person; empty if it was used, or
   * this user does not run the server.
   */
  public static Optional<String> firstInvitation(Environment environment, URI server) {
    Optional<Path> token = known(environment).tokenFile(server.toString());
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(token.get().resolveSibling("first.invitation")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static KnownServers known(Environment environment) {
    return KnownServers.ofUser(environment.variables(), environment.home());
  }
}
