package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;

@Command(
    name = "whoami",
    description = {"Shows who the server takes this command line for, and what that may do."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway whoami",
      "  SLIPWAY_TOKEN=... slipway whoami --url https://models.example:8443"
    })
final class WhoamiCommand extends SlipwayCommand {

  WhoamiCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("ask who this is", "slipway doctor");
    invocation
        .printer()
        .one(Kinds.PRINCIPAL, invocation.client().get(ask, "/api/v1/whoami").body());
    return ExitCode.OK;
  }
}
