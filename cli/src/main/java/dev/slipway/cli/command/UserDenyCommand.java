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
    name = "deny",
    description = {"Takes roles or grants away from an account."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user deny ana@example.com --role admin"})
final class UserDenyCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  @Mixin private RightsOptions rights = new RightsOptions();

  UserDenyCommand(Environment environment) {
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
          "slipway user deny --help");
    }
    invocation
        .printer()
        .one(
            Kinds.ACCOUNT,
            invocation
                .client()
                .post(
                    ask,
                    "/api/v1/accounts/" + ServerClient.encode(name) + "/deny",
                    rights.into(Json.mapper().createObjectNode()))
                .body());
    return ExitCode.OK;
  }
}
