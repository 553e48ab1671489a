package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists promotions, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway promotion list --state open", "  slipway promotion list -o wide"})
final class PromotionListCommand extends SlipwayCommand {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "open, unreviewed, or one state such as awaiting-approval")
  private String state = "";

  @Mixin private ListOptions list = new ListOptions();

  PromotionListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("list promotions", "slipway doctor");
    return list.print(
        invocation,
        ask,
        PromotionPaths.PROMOTIONS + (state.isEmpty() ? "" : "?state=" + ServerClient.encode(state)),
        GovernanceKinds.PROMOTION,
        "no promotions; slipway deploy NAME/V --to DEPLOYMENT --env prod requests one");
  }
}
