package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description = "Shows what a gate read, measured and found.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway gate explain 17 benchmark", "  slipway gate explain 17 -o json"})
final class GateExplainCommand extends SlipwayCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "number of a promotion")
  private long id;

  @Parameters(index = "1", arity = "0..1", paramLabel = "GATE", description = "one gate; else all")
  private String gate = "";

  GateExplainCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("explain the gates of promotion " + id, "slipway gate run " + id)
            .ifMissing("slipway promotion list");
    int shown = 0;
    for (JsonNode evidence :
        invocation.client().get(ask, PromotionPaths.of(id) + "/evidence").body().path("items")) {
      if (gate.isEmpty() || JsonText.of(evidence, "gate").equals(gate)) {
        invocation.printer().one(GovernanceKinds.EVIDENCE, evidence);
        shown++;
      }
    }
    if (shown == 0) {
      throw new CliFailure(
          ExitCode.NOT_FOUND,
          ask.what(),
          gate.isEmpty() ? "no gate has run" : "gate '%s' has not run".formatted(gate),
          "slipway gate run " + id);
    }
    return ExitCode.OK;
  }
}
