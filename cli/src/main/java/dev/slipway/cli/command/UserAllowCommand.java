package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "allow",
    description = {"Gives an account roles or grants beside those it has."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user allow shop --grant infer:deployment/fraud"})
final class UserAllowCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  @Mixin private RightsOptions rights = new RightsOptions();

  UserAllowCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("change the rights of " + name, "slipway user list");
    if (rights.isEmpty()) {
      throw new CliFailure(
          ExitCode.USAGE,
          ask.what(),
          "neither --role nor --grant is given",
          "slipway user allow --help");
    }
    invocation
        .printer()
        .one(
            Kinds.ACCOUNT,
            invocation
                .client()
                .post(
                    ask,
                    "/api/v1/accounts/" + ServerClient.encode(name) + "/allow",
                    rights.into(Json.mapper().createObjectNode()))
                .body());
    return ExitCode.OK;
  }
}
