package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "enable",
    description = {"Lets an account in again."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user enable shop"})
final class UserEnableCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  UserEnableCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("enable " + name, "slipway user list");
    invocation
        .printer()
        .one(
            Kinds.ACCOUNT,
            invocation
                .client()
                .post(ask, "/api/v1/accounts/" + ServerClient.encode(name) + "/enable")
                .body());
    return ExitCode.OK;
  }
}
