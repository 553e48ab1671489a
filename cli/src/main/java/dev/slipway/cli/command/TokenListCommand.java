package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = {"Lists the tokens of an account, the newest first; never their secrets."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway token list", "  slipway token list --account shop"})
final class TokenListCommand extends SlipwayCommand {
  @Option(names = "--account", paramLabel = "NAME", description = "whose; your own unless given")
  private String account = "";

  @Mixin private ListOptions list = new ListOptions();

  TokenListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("list the tokens", "slipway user list");
    return list.print(
        invocation,
        ask,
        AccountOption.tokens(AccountOption.resolve(account, invocation, ask)),
        Kinds.TOKEN,
        "no tokens; slipway token create");
  }
}
