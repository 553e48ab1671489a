package dev.slipway.cli.command;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Answer;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import dev.slipway.cli.output.OutputFormat;
import dev.slipway.cli.predict.CsvRows;
import dev.slipway.cli.predict.RowLayout;
import dev.slipway.cli.predict.V2Answer;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.table.CsvReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "predict",
    description = {
      "Asks a deployment for predictions over the Open Inference Protocol V2.",
      "-o json prints the server's answer as it is; -o jsonl prints a document for each row."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway predict fraud --example",
      "  slipway predict fraud --row 12.5,0,1,3 --row 99.9,1,0,7",
      "  slipway predict fraud --csv transactions.csv -o jsonl",
      "  slipway predict fraud -f request.json -o json",
      "  echo '{\"inputs\": [...]}' | slipway predict fraud -f -"
    })
final class PredictCommand extends SlipwayCommand {
  private static final Kind ANSWER =
      new Kind(
          answer -> JsonText.of(answer, "id"), List.of(Column.of("ID", "id")), V2Answer::table);
  private static final Kind ROW =
      Kind.ofTable(row -> JsonText.of(row, "row"), List.of(Column.of("ROW", "row")));

  @Parameters(paramLabel = "DEPLOYMENT", description = "a deployment")
  private String deployment = "";

  @ArgGroup(exclusive = true, multiplicity = "1", heading = "%nInput, one of:%n")
  private PredictInput input = new PredictInput();

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "only this version may answer; else whichever the deployment chooses")
  private int version;

  @Option(
      names = "--batch-rows",
      paramLabel = "N",
      defaultValue = "500",
      description = "rows of a CSV in one request; ${DEFAULT-VALUE} unless given")
  private int batchRows = 500;

  PredictCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    if (batchRows < 1) {
      throw usage("--batch-rows: %d (expected: >= 1)".formatted(batchRows));
    }
    Ask ask =
        invocation
            .ask("predict with " + deployment, "slipway predict --help")
            .ifMissing("slipway deployment list");
    try {
      List<Answer> answers = answers(invocation, ask);
      invocation.progress().end();
      print(invocation, answers);
      return ExitCode.OK;
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw usage(e.getMessage() + ": no such file");
    } catch (IOException e) {
      throw new CliFailure(ExitCode.ERROR, ask.what(), e.toString(), "slipway predict --help");
    } catch (IllegalArgumentException e) {
      throw usage(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  private List<Answer> answers(Invocation invocation, Ask ask) throws IOException {
    if (input.example) {
      JsonNode example = version(invocation, ask).path("example_request");
      if (!example.isObject()) {
        throw new CliFailure(
            ExitCode.NOT_FOUND,
            ask.what(),
            "the model of %s has no example request".formatted(deployment),
            "slipway predict %s --row VALUES".formatted(deployment));
      }
      return List.of(infer(invocation, ask, example));
    }
    if (!input.rows.isEmpty()) {
      RowLayout layout = RowLayout.of(version(invocation, ask).path("signature"));
      List<List<String>> rows = new ArrayList<>();
      for (String row : input.rows) {
        List<String> cells = new CsvReader(new StringReader(row)).next();
        rows.add(cells == null ? List.of("") : cells);
      }
      return List.of(infer(invocation, ask, layout.request(rows)));
    }
    if (input.csv != null) {
      return csv(invocation, ask, input.csv);
    }
    byte[] body =
        input.data != null
            ? input.data.getBytes(StandardCharsets.UTF_8)
            : bytes(invocation, input.file == null ? "-" : input.file);
    requireJson(body);
    return List.of(
        invocation
            .client()
            .post(ask, path(), BodyPublishers.ofByteArray(body), "application/json"));
  }

  private List<Answer> csv(Invocation invocation, Ask ask, String file) throws IOException {
    RowLayout layout = RowLayout.of(version(invocation, ask).path("signature"));
    int size = layout.isBatched() ? batchRows : 1;
    List<Answer> answers = new ArrayList<>();
    long startNanos = System.nanoTime();
    try (CsvReader reader =
        new CsvReader(new InputStreamReader(open(invocation, file), StandardCharsets.UTF_8))) {
      CsvRows rows = CsvRows.of(reader, layout);
      long count = 0;
      List<List<String>> batch = rows.next(size);
      while (!batch.isEmpty()) {
        try {
          answers.add(infer(invocation, ask, layout.request(batch)));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "%s, rows from %d: %s".formatted(file, count + 1, e.getMessage()), e);
        }
        count += batch.size();
        invocation
            .progress()
            .waiting(count + " rows predicted", Duration.ofNanos(System.nanoTime() - startNanos));
        batch = rows.next(size);
      }
    }
    if (answers.isEmpty()) {
      throw usage(file + ": no rows (expected: at least one)");
    }
    return answers;
  }

  private void print(Invocation invocation, List<Answer> answers) {
    JsonNode joined = V2Answer.join(answers.stream().map(Answer::body).toList());
    if (invocation.printer().format() == OutputFormat.JSONL) {
      invocation.printer().list(ROW, V2Answer.rows(joined).iterator());
      return;
    }
    invocation.printer().one(ANSWER, joined);
    if (invocation.printer().format() == OutputFormat.WIDE) {
      Answer last = answers.getLast();
      invocation
          .progress()
          .note(
              "answered by %s/%s, request id %s%s"
                  .formatted(
                      JsonText.of(last.body(), "model_name"),
                      JsonText.of(last.body(), "model_version"),
                      last.requestId(),
                      last.header("Server-Timing").isEmpty()
                          ? ""
                          : ", " + last.header("Server-Timing")));
    }
  }

  /** The version's document: the pinned one, or the one the deployment serves. */
  private JsonNode version(Invocation invocation, Ask ask) {
    JsonNode served = invocation.client().get(ask, DeploymentState.path(deployment)).body();
    ModelRef ref =
        new ModelRef(
            served.path("model").asText(), version == 0 ? served.path("version").asInt() : version);
    return invocation.client().get(ask, ModelVersion.path(ref)).body();
  }

  private Answer infer(Invocation invocation, Ask ask, JsonNode request) {
    return invocation.client().post(ask, path(), request);
  }

  private String path() {
    return "/v2/models/%s%s/infer"
        .formatted(
            ServerClient.encode(deployment),
            version == 0 ? "" : String.format(Locale.ROOT, "/versions/%d", version));
  }

  private static byte[] bytes(Invocation invocation, String file) throws IOException {
    try (InputStream in = open(invocation, file)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(Invocation invocation, String file) throws IOException {
    if (file.equals("-")) {
      return invocation.environment().in();
    }
    Path path = invocation.environment().folder().resolve(file);
    return Files.newInputStream(path);
  }

  private static void requireJson(byte[] body) throws IOException {
    try {
      if (!Json.mapper().readTree(body).isObject()) {
        throw new IllegalArgumentException(
            "the request is no JSON object (expected: {\"inputs\": [...]})");
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the request is not JSON: %s".formatted(e.getOriginalMessage()), e);
    }
  }

  private CliFailure usage(String why) {
    return new CliFailure(
        ExitCode.USAGE, "predict with " + deployment, why, "slipway predict --help");
  }
}
