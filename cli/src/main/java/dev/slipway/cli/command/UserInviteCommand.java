package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "invite",
    description = {
      "Invites a person to their account: prints a code, good once and for a day, for them alone."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user invite ana@example.com"})
final class UserInviteCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  UserInviteCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("invite " + name, "slipway user list");
    invocation
        .printer()
        .one(
            Kinds.INVITATION,
            invocation
                .client()
                .post(ask, "/api/v1/accounts/" + ServerClient.encode(name) + "/invitations")
                .body());
    invocation
        .progress()
        .note("to use it: slipway user claim %s, and the code on its stdin".formatted(name));
    return ExitCode.OK;
  }
}
