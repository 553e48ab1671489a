package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "review",
    description = "Writes down what somebody else found about a broken glass.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway promotion review 17 --reason 'justified, see incident 4711'"})
final class PromotionReviewCommand extends DecisionCommand {
  PromotionReviewCommand(Environment environment) {
    super(environment, "review", "review");
  }
}
