package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Durations;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Answer;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.JsonText;
import java.time.Duration;

/** What becomes of a deployment after a change. */
final class DeploymentState {
  private DeploymentState() {}

  static String path(String deployment) {
    return "/api/v1/deployments/" + ServerClient.encode(deployment);
  }

  /**
   * Prints the deployment, and waits until it is ready if asked to.
   *
   * @param answer of the change
   * @param wait whether to wait until the deployment is ready
   * @param ask of the change; its timeout bounds the wait
   * @throws CliFailure DEGRADED if the version cannot be served, TIMEOUT if it is not ready in time
   */
  static ExitCode settle(Invocation invocation, Answer answer, boolean wait, Ask ask) {
    JsonNode deployment = answer.body();
    if (wait) {
      deployment = awaitReady(invocation, deployment, ask);
    }
    invocation.printer().one(Kinds.DEPLOYMENT, deployment);
    if (isUnavailable(deployment)) {
      throw new CliFailure(
          ExitCode.DEGRADED,
          ask.what(),
          "the change was made, but %s cannot be served: %s"
              .formatted(Kinds.ref(deployment), JsonText.of(deployment, "reason")),
          "slipway undo " + JsonText.of(deployment, "name"),
          answer.requestId());
    }
    return ExitCode.OK;
  }

  private static JsonNode awaitReady(Invocation invocation, JsonNode changed, Ask ask) {
    String name = JsonText.of(changed, "name");
    long revision = changed.path("revision").asLong();
    long startNanos = System.nanoTime();
    JsonNode[] last = {changed};
    return ServerClient.poll(
        ask.timeout(),
        () -> {
          JsonNode now = last[0];
          if (now.path("revision").asLong() != revision) {
            throw new CliFailure(
                ExitCode.ERROR,
                ask.what(),
                "somebody changed the deployment meanwhile: it serves %s now (revision %s, expected %d)"
                    .formatted(Kinds.ref(now), JsonText.of(now, "revision"), revision),
                "slipway deployment get " + name);
          }
          if (JsonText.of(now, "state").equals("READY") || isUnavailable(now)) {
            return now;
          }
          invocation
              .progress()
              .waiting(
                  "%s is %s".formatted(name, JsonText.of(now, "state")),
                  Duration.ofNanos(System.nanoTime() - startNanos));
          last[0] = invocation.client().get(ask, path(name)).body();
          return null;
        },
        () ->
            new CliFailure(
                ExitCode.TIMEOUT,
                ask.what(),
                "still %s after %s"
                    .formatted(JsonText.of(last[0], "state"), Durations.format(ask.timeout())),
                "slipway deployment get " + name + " --watch"));
  }

  private static boolean isUnavailable(JsonNode deployment) {
    return JsonText.of(deployment, "state").equals("UNAVAILABLE");
  }
}
