package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = {"Revokes a token; it is refused from when this returns."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway token revoke 1f2e3d4c5b6a",
      "  slipway token revoke 1f2e3d4c5b6a --account shop"
    })
final class TokenRevokeCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "id of the token, as token list shows it")
  private String id = "";

  @Option(names = "--account", paramLabel = "NAME", description = "whose; your own unless given")
  private String account = "";

  TokenRevokeCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("revoke the token " + id, "slipway token list");
    String owner = AccountOption.resolve(account, invocation, ask);
    invocation
        .printer()
        .one(
            Kinds.TOKEN,
            invocation
                .client()
                .delete(ask, AccountOption.tokens(owner) + "/" + ServerClient.encode(id))
                .body());
    return ExitCode.OK;
  }
}
