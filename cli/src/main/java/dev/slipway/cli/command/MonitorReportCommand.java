package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.monitor.WatchedDrift;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = {
      "Tells whether what a deployment is asked and what it answers still look as its version's"
          + " reference.",
      "The server counts while it answers, in windows of 5 minutes that add up to hours, days and"
          + " weeks. A value drifts if its PSI in the window exceeds 0.1 and what parts of the"
          + " reference had; it alerts if it does so in two of the last three windows."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway monitor report fraud",
      "  slipway monitor report fraud --window 1d --html drift.html",
      "  slipway monitor report fraud --window 1w --until 2026-05-04T00:00:00Z -o json",
      "  slipway monitor report fraud --fail-on-alert"
    })
final class MonitorReportCommand extends SlipwayCommand {
  @Parameters(paramLabel = "DEPLOYMENT", description = "a deployment")
  private String deployment = "";

  @Option(names = "--window", paramLabel = "LENGTH", description = "5m, 1h, 1d or 1w; default: 1h")
  private String window = "1h";

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "number of a version that served earlier; default: the one that serves")
  private int version;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "the last window that was over at this time of ISO 8601; default: the one under way")
  private String until = "";

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "where to write a page with histograms; it needs no other file")
  private String html = "";

  @Option(names = "--fail-on-alert", description = "exit code 5 if drift stays")
  private boolean failOnAlert;

  MonitorReportCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("report on deployment " + deployment, "slipway deployment list");
    String query = "?window=" + ServerClient.encode(window);
    query += version == 0 ? "" : "&version=" + version;
    query += until.isEmpty() ? "" : "&until=" + ServerClient.encode(until);
    JsonNode answer =
        invocation.client().get(ask, DeploymentState.path(deployment) + "/drift" + query).body();
    WatchedDrift watched = WatchedDrift.of(answer);
    if (!html.isEmpty()) {
      if (watched.compared().isEmpty()) {
        throw new CliFailure(
            ExitCode.NOT_FOUND,
            ask.what(),
            "nothing was counted in that window, so there is nothing to draw",
            "slipway monitor report %s --window 1d".formatted(deployment));
      }
      HtmlFile.write(invocation.environment().folder().resolve(html), ask.what(), watched.html());
    }
    for (String name : watched.uncounted()) {
      invocation.progress().note("%s: nothing was counted".formatted(name));
    }
    invocation.printer().one(MonitorKinds.REPORT, watched.document());
    return failOnAlert && watched.alert() ? ExitCode.POLICY : ExitCode.OK;
  }
}
