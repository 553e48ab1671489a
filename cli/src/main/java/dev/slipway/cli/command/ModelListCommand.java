package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the registered models.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway model list",
      "  slipway model list -o jsonl | jq -r .name",
      "  slipway model list --limit 20 --watch"
    })
final class ModelListCommand extends SlipwayCommand {
  @Mixin private ListOptions list = new ListOptions();

  ModelListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list the models", "slipway doctor"),
        "/api/v1/models",
        Kinds.MODEL,
        "no models yet; slipway model register PATH --name NAME");
  }
}
