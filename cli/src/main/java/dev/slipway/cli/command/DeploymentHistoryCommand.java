package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = {
      "Shows what a deployment served when, who changed it, and where the audit log says so.",
      "With --at only what served at that time; exit code 3 if it was not there yet."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway deployment history fraud",
      "  slipway deployment history fraud --at 2026-05-03T14:03:00Z",
      "  slipway deployment history fraud --at 2026-05-03T14:03:00+02:00 -o name"
    })
final class DeploymentHistoryCommand extends SlipwayCommand {
  @Parameters(paramLabel = "DEPLOYMENT", description = "a deployment")
  private String deployment = "";

  @Option(names = "--at", paramLabel = "TIME", description = "a time of ISO 8601")
  private String at = "";

  DeploymentHistoryCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation.ask("read the history of deployment " + deployment, "slipway deployment list");
    JsonNode answer =
        invocation
            .client()
            .get(
                ask,
                DeploymentState.path(deployment)
                    + "/history"
                    + (at.isEmpty() ? "" : "?at=" + ServerClient.encode(at)))
            .body();
    List<JsonNode> items = new ArrayList<>();
    answer.path("items").forEach(items::add);
    if (items.isEmpty()) {
      throw new CliFailure(
          ExitCode.NOT_FOUND,
          ask.what(),
          "it was not there at " + at,
          "slipway deployment history " + deployment);
    }
    invocation.printer().list(Kinds.HISTORY, items.iterator());
    return ExitCode.OK;
  }
}
