package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;

@Command(
    name = "show",
    description = "Shows the policy in force.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy show", "  slipway policy show -o json"})
final class PolicyShowCommand extends SlipwayCommand {
  PolicyShowCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("show the policy", "slipway doctor");
    invocation
        .printer()
        .one(GovernanceKinds.POLICY, invocation.client().get(ask, "/api/v1/policy").body());
    return ExitCode.OK;
  }
}
