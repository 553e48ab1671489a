package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the deployments and what they serve.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway deployment list",
      "  slipway deployment list -o wide",
      "  slipway deployment list --watch"
    })
final class DeploymentListCommand extends SlipwayCommand {
  @Mixin private ListOptions list = new ListOptions();

  DeploymentListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list the deployments", "slipway doctor"),
        "/api/v1/deployments",
        Kinds.DEPLOYMENT,
        "no deployments yet; slipway deploy NAME/V --to DEPLOYMENT");
  }
}
