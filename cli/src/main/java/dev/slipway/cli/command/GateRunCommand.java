package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.JsonText;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = {
      "Runs the gates that the policy wants of a promotion, and shows what they found.",
      "Exit code 5 if one did not pass."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway gate run 17",
      "  slipway gate run 17 --holdout holdout.parquet",
      "  slipway gate run 17 --holdout holdout.csv --deployment fraud-candidate"
    })
final class GateRunCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final String PASSED = "PASSED";

  @Parameters(paramLabel = "ID", description = "number of a promotion")
  private long id;

  @Option(
      names = "--holdout",
      paramLabel = "FILE",
      description = "rows with known outcomes, CSV or Parquet; it is sent to the server")
  private @Nullable Path holdout;

  @Option(
      names = "--deployment",
      paramLabel = "NAME",
      description = "a deployment that serves the version already, for measuring its latency")
  private String deployment = "";

  GateRunCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("run the gates of promotion " + id, "slipway promotion get " + id, TIMEOUT)
            .ifMissing("slipway promotion list");
    String query = "?deployment=" + ServerClient.encode(deployment);
    BodyPublisher body = BodyPublishers.noBody();
    if (holdout != null) {
      query += "&holdout=" + ServerClient.encode(holdout.getFileName().toString());
      try {
        body = BodyPublishers.ofFile(holdout);
      } catch (FileNotFoundException e) {
        throw new CliFailure(
            ExitCode.ERROR,
            ask.what(),
            "%s cannot be read".formatted(holdout),
            "slipway gate run %d --holdout FILE".formatted(id));
      }
    }
    String path = PromotionPaths.of(id) + "/gates" + query;
    BodyPublisher sent = body;
    JsonNode promotion =
        Waiting.during(
                invocation.progress(),
                "running the gates of promotion " + id,
                () -> invocation.client().post(ask, path, sent, "application/octet-stream"))
            .body();
    List<JsonNode> evidence = new ArrayList<>();
    invocation
        .client()
        .get(ask, PromotionPaths.of(id) + "/evidence")
        .body()
        .path("items")
        .forEach(evidence::add);
    invocation.printer().list(GovernanceKinds.EVIDENCE, evidence.iterator());
    promotion
        .path("missing")
        .forEach(
            one ->
                invocation
                    .progress()
                    .note(
                        "missing: %s; next: %s"
                            .formatted(JsonText.of(one, "what"), JsonText.of(one, "command"))));
    boolean passed =
        evidence.stream().allMatch(one -> JsonText.of(one, "verdict").equals(PASSED))
            && promotion.path("unmet").isEmpty();
    return passed ? ExitCode.OK : ExitCode.POLICY;
  }
}
