package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "enable",
    description = "Lets an account in again.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user enable shop"})
final class UserEnableCommand extends AccountCommand {
  UserEnableCommand(Environment environment) {
    super(environment, "enable");
  }
}
