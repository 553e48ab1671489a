package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.core.model.ModelRef;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "reference",
    description = {
      "Freezes how the data look that a version was made for, or shows it without --data.",
      "The file is sent to the server, and every row goes through the model once; its bins and"
          + " counts are kept with the version, for good, the rows are not. From then on the"
          + " server counts what the version is asked and what it answers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway monitor reference fraud/3 --data training.parquet",
      "  slipway monitor reference fraud/3"
    })
final class MonitorReferenceCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  @Parameters(
      paramLabel = "MODEL/VERSION",
      converter = ModelVersion.class,
      description = "a registered version")
  private @Nullable ModelRef ref;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "rows the version was trained on, CSV or Parquet, with a column for each input")
  private @Nullable Path data;

  MonitorReferenceCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    ModelRef version = Objects.requireNonNull(ref);
    String path = ModelVersion.path(version) + "/reference";
    if (data == null) {
      Ask ask =
          invocation.ask(
              "read the reference of " + version,
              "slipway monitor reference %s --data FILE".formatted(version));
      invocation.printer().one(MonitorKinds.REFERENCE, invocation.client().get(ask, path).body());
      return ExitCode.OK;
    }
    Ask ask =
        invocation.ask(
            "freeze the reference of " + version, "slipway model get " + version.model(), TIMEOUT);
    BodyPublisher body;
    try {
      body = BodyPublishers.ofFile(invocation.environment().folder().resolve(data));
    } catch (FileNotFoundException e) {
      throw new CliFailure(
          ExitCode.USAGE,
          ask.what(),
          "%s cannot be read".formatted(data),
          "slipway monitor reference %s --data FILE".formatted(version));
    }
    JsonNode reference =
        Waiting.during(
                invocation.progress(),
                "freezing the reference of " + version,
                () -> invocation.client().put(ask, path, body, "application/octet-stream"))
            .body();
    invocation.printer().one(MonitorKinds.REFERENCE, reference);
    return ExitCode.OK;
  }
}
