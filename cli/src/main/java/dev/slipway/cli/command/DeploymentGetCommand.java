package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Shows a deployment: what it serves, on which engine, and in which state.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway deployment get fraud",
      "  slipway deployment get fraud -o json | jq -r .state",
      "  slipway deployment get fraud --watch"
    })
final class DeploymentGetCommand extends SlipwayCommand {
  @Parameters(paramLabel = "DEPLOYMENT", description = "a deployment")
  private String deployment = "";

  @Mixin private WatchOptions watch = new WatchOptions();

  DeploymentGetCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("read deployment " + deployment, "slipway deployment list");
    return watch.print(
        invocation,
        () ->
            invocation
                .printer()
                .render(
                    Kinds.DEPLOYMENT,
                    invocation.client().get(ask, DeploymentState.path(deployment)).body()));
  }
}
