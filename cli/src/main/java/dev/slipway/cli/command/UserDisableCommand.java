package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "disable",
    description = "Keeps an account out, with all its tokens, from now on.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway user disable shop"})
final class UserDisableCommand extends AccountCommand {
  UserDisableCommand(Environment environment) {
    super(environment, "disable");
  }
}
