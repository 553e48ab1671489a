package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "approve",
    description = "Brings a proposed policy into force; its proposer cannot.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy approve 3"})
final class PolicyApproveCommand extends PolicyDecisionCommand {
  PolicyApproveCommand(Environment environment) {
    super(environment, "approve");
  }
}
