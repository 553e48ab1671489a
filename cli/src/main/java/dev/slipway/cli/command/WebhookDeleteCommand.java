package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Forgets a webhook with its secret.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway webhook delete 3"})
final class WebhookDeleteCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a webhook")
  private long id;

  WebhookDeleteCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    invocation
        .printer()
        .one(
            WebhookListCommand.WEBHOOK,
            invocation
                .client()
                .delete(
                    invocation
                        .ask("delete webhook " + id, "slipway webhook list")
                        .ifMissing("slipway webhook list"),
                    WebhookListCommand.PATH + "/" + id)
                .body());
    return ExitCode.OK;
  }
}
