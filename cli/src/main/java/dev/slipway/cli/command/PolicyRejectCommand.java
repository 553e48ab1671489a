package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "reject",
    description = "Turns a proposed policy down.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy reject 3"})
final class PolicyRejectCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a policy")
  private long id;

  PolicyRejectCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("reject policy " + id, "slipway policy list")
            .ifMissing("slipway policy list");
    invocation
        .printer()
        .one(
            GovernanceKinds.POLICY,
            invocation.client().post(ask, PromotionPaths.POLICIES + "/" + id + "/reject").body());
    return ExitCode.OK;
  }
}
