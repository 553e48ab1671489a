package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "allow",
    description = "Gives an account roles or grants beside those it has.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user allow shop --grant infer:deployment/fraud"})
final class UserAllowCommand extends AccountRightsCommand {
  UserAllowCommand(Environment environment) {
    super(environment, "allow");
  }
}
