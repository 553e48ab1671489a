package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import picocli.CommandLine.Command;

@Command(
    name = "revoke",
    description = {
      "Takes back what a promotion allows. A deployment that serves by it stops answering at once;",
      "slipway undo DEPLOYMENT first keeps it answering."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway promotion revoke 17 --reason 'trained on leaked labels'"})
final class PromotionRevokeCommand extends DecisionCommand {
  PromotionRevokeCommand(Environment environment) {
    super(environment, "revoke", "revoke");
  }
}
