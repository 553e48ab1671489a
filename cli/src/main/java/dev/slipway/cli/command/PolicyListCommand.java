package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the policies that were proposed, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy list"})
final class PolicyListCommand extends SlipwayCommand {
  @Mixin private ListOptions list = new ListOptions();

  PolicyListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list policies", "slipway doctor"),
        PromotionPaths.POLICIES,
        GovernanceKinds.POLICY,
        "none was proposed; the built-in policy holds: slipway policy show");
  }
}
