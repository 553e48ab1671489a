package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "deny",
    description = "Takes roles or grants away from an account.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user deny ana@example.com --role admin"})
final class UserDenyCommand extends AccountRightsCommand {
  UserDenyCommand(Environment environment) {
    super(environment, "deny");
  }
}
