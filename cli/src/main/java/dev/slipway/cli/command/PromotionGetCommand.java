package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Shows a promotion: what it binds, its gates and approvals, what is missing.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway promotion get 17", "  slipway promotion get 17 -o json"})
final class PromotionGetCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a promotion")
  private long id;

  PromotionGetCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("read promotion " + id, "slipway promotion list")
            .ifMissing("slipway promotion list");
    invocation
        .printer()
        .one(GovernanceKinds.PROMOTION, invocation.client().get(ask, PromotionPaths.of(id)).body());
    return ExitCode.OK;
  }
}
