package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = {"Lists the accounts and their rights."},
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user list", "  slipway user list -o json"})
final class UserListCommand extends SlipwayCommand {
  @Mixin private ListOptions list = new ListOptions();

  UserListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list the accounts", "slipway whoami"),
        "/api/v1/accounts",
        Kinds.ACCOUNT,
        "no accounts; slipway user create NAME --role ROLE");
  }
}
