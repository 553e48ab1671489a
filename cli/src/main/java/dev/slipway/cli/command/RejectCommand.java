package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "reject",
    description = "Says no to a promotion, for good.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway reject 17 --reason 'recall fell on the night slice'"})
final class RejectCommand extends DecisionCommand {
  RejectCommand(Environment environment) {
    super(environment, "reject", "reject");
  }
}
