package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.Environment.Stream;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "undo",
    description = {
      "Puts a deployment back to the version it served before; twice is redo.",
      "On a terminal it asks first, unless --yes or --no-input is given."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway undo fraud",
      "  slipway undo fraud --yes --wait",
      "  slipway undo fraud --dry-run"
    })
final class UndoCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Parameters(paramLabel = "DEPLOYMENT", description = "a deployment")
  private String deployment = "";

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  @Option(names = "--no-input", description = "never read from the terminal")
  private boolean noInput;

  @Option(names = "--wait", description = "wait until the version is ready to answer")
  private boolean wait;

  @Option(names = "--dry-run", description = "show what would be served and change nothing")
  private boolean dryRun;

  UndoCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask(
                "undo the last change of " + deployment,
                "slipway deployment get " + deployment,
                TIMEOUT)
            .ifMissing("slipway deployment list");
    Environment environment = invocation.environment();
    boolean asks =
        !yes && !noInput && environment.isTerminal(Stream.IN) && environment.isTerminal(Stream.ERR);
    if (dryRun || asks) {
      JsonNode now = invocation.client().get(ask, DeploymentState.path(deployment)).body();
      String change = change(now, ask);
      if (dryRun) {
        invocation.printer().one(Kinds.DEPLOYMENT, now);
        invocation.progress().note("dry run: %s; nothing was changed".formatted(change));
        return ExitCode.OK;
      }
      if (!confirmed(environment, change)) {
        invocation.progress().note("nothing was changed");
        return ExitCode.ERROR;
      }
    }
    return DeploymentState.settle(
        invocation,
        Waiting.during(
            invocation.progress(),
            "undoing " + deployment,
            () -> invocation.client().post(ask, DeploymentState.path(deployment) + "/undo")),
        wait,
        ask);
  }

  private String change(JsonNode now, Ask ask) {
    int previous = now.path("previous_version").asInt(0);
    if (previous == 0) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "%s has served nothing but %s".formatted(deployment, Kinds.ref(now)),
          ask.next());
    }
    return "%s would serve %s/%d instead of %s"
        .formatted(deployment, now.path("model").asText(), previous, Kinds.ref(now));
  }

  private static boolean confirmed(Environment environment, String change) {
    environment.err().print(change + ". Go on? [y/N] ");
    environment.err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8))
              .readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
