package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = "Brings a proposed policy into force; its proposer cannot.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy approve 3"})
final class PolicyApproveCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a policy")
  private long id;

  PolicyApproveCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("approve policy " + id, "slipway policy list")
            .ifMissing("slipway policy list");
    invocation
        .printer()
        .one(
            GovernanceKinds.POLICY,
            invocation.client().post(ask, PromotionPaths.POLICIES + "/" + id + "/approve").body());
    return ExitCode.OK;
  }
}
