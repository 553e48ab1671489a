package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "reject",
    description = "Turns a proposed policy down.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy reject 3"})
final class PolicyRejectCommand extends PolicyDecisionCommand {
  PolicyRejectCommand(Environment environment) {
    super(environment, "reject");
  }
}
