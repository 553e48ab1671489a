package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.core.model.ModelRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description =
        "Shows a model with its versions, or one version with its signature and settings.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway model get fraud",
      "  slipway model get fraud/1",
      "  slipway model get fraud/1 -o yaml"
    })
final class ModelGetCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME[/V]", description = "a model, or a version of one")
  private String model = "";

  @Mixin private WatchOptions watch = new WatchOptions();

  ModelGetCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("read model " + model, "slipway model list");
    if (model.contains("/")) {
      ModelRef ref = new ModelVersion().convert(model);
      return watch.print(
          invocation,
          () ->
              invocation
                  .printer()
                  .render(
                      Kinds.VERSION, invocation.client().get(ask, ModelVersion.path(ref)).body()));
    }
    return watch.print(
        invocation,
        () ->
            invocation
                .printer()
                .render(
                    Kinds.MODEL, invocation.client().get(ask, ModelVersion.path(model)).body()));
  }
}
