package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the YAML of a policy. */
final class PolicyText {
  static final String TYPE = "application/yaml";
  static final String CHECK = "/api/v1/policy/check";

  private PolicyText() {}

  /**
   * @throws CliFailure if the file cannot be read
   */
  static BodyPublisher of(Ask ask, Path file) {
    try {
      return BodyPublishers.ofByteArray(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR, ask.what(), "%s cannot be read: %s".formatted(file, e), "ls -l " + file);
    }
  }

  /** A mistake in the policy is the policy's, whatever the server's status. */
  static CliFailure asPolicy(CliFailure failure) {
    return failure.why().startsWith("CONFIGURATION_INVALID")
        ? new CliFailure(
            ExitCode.POLICY, failure.what(), failure.why(), failure.next(), failure.requestId())
        : failure;
  }
}
