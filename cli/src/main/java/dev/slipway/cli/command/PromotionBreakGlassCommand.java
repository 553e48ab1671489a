package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "break-glass",
    description =
        "Approves a promotion past its gates, for a short time; somebody else must review it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway promotion break-glass 17 --reason 'incident 4711, the incumbent answers NaN'"
    })
final class PromotionBreakGlassCommand extends DecisionCommand {
  PromotionBreakGlassCommand(Environment environment) {
    super(environment, "break the glass of", "break-glass");
  }
}
