package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "disable",
    description = {"Keeps an account out, with all its tokens, from now on."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user disable shop"})
final class UserDisableCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  UserDisableCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("disable " + name, "slipway user list");
    invocation
        .printer()
        .one(
            Kinds.ACCOUNT,
            invocation
                .client()
                .post(ask, "/api/v1/accounts/" + ServerClient.encode(name) + "/disable")
                .body());
    return ExitCode.OK;
  }
}
