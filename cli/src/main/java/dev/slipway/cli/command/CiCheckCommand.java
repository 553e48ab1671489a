package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.artifact.ModelFiles;
import dev.slipway.cli.artifact.Upload;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.report.CheckReport;
import dev.slipway.cli.report.CheckReport.Digest;
import dev.slipway.cli.report.CheckReport.Item;
import dev.slipway.cli.report.CheckReport.Verdict;
import dev.slipway.cli.report.JunitReport;
import dev.slipway.cli.report.MarkdownReport;
import dev.slipway.cli.report.SarifReport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = {
      "Runs the gates of an environment on a model that is not registered, and keeps nothing.",
      "For pull requests: says early what a promotion would find. With --policy the rules of that"
          + " file hold, after its mistakes were looked for. Exit code 5 if anything did not pass."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway ci check fraud.onnx --name fraud --env prod",
      "  slipway ci check ./export --name fraud --env prod --holdout rows.parquet --junit"
          + " gates.xml",
      "  slipway ci check ./export --name fraud --env prod --policy policy.yaml --skip latency"
    })
final class CiCheckCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  @Parameters(paramLabel = "PATH", description = "the model's file or folder")
  private String path = "";

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "the model's name")
  private String name = "";

  @Option(
      names = "--env",
      required = true,
      paramLabel = "ENV",
      description = "a protected environment, whose rules hold")
  private String environmentName = "";

  @Option(
      names = "--to",
      paramLabel = "NAME",
      description = "a deployment there, to compare with what it serves; default: the model's name")
  private String deployment = "";

  @Option(
      names = "--holdout",
      paramLabel = "FILE",
      description = "rows with known outcomes, CSV or Parquet; it is sent to the server")
  private String holdout = "";

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "a policy in YAML; default: the policy in force")
  private String policy = "";

  @Option(
      names = "--skip",
      paramLabel = "GATE",
      description = "a gate that is not to run, such as latency; may be repeated")
  private List<String> skipped = List.of();

  @Option(names = "--junit", paramLabel = "FILE", description = "where to write JUnit XML")
  private String junit = "";

  @Option(names = "--sarif", paramLabel = "FILE", description = "where to write SARIF 2.1.0")
  private String sarif = "";

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "where to write a summary in Markdown")
  private String summary = "";

  CiCheckCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Path folder = invocation.environment().folder();
    Ask ask =
        invocation.ask(
            "check %s for %s".formatted(path, environmentName), "slipway ci check --help", TIMEOUT);
    Path policyFile = policy.isEmpty() ? null : folder.resolve(policy);
    List<JsonNode> rows = new ArrayList<>();
    JsonNode answer = Json.mapper().createObjectNode();
    if (policyFile == null || lint(invocation, ask, policyFile, rows)) {
      answer = check(invocation, ask, folder, policyFile);
      rows.addAll(rows(answer));
    }
    CheckReport report = report(folder, answer, rows);
    write(ask, folder, junit, report, JunitReport::of);
    write(ask, folder, sarif, report, SarifReport::of);
    write(ask, folder, summary, report, MarkdownReport::of);
    invocation.printer().list(GovernanceKinds.EVIDENCE, rows.iterator());
    return report.passed() ? ExitCode.OK : ExitCode.POLICY;
  }

  /** Looks for mistakes of the policy, and adds what it found. */
  private static boolean lint(Invocation invocation, Ask ask, Path file, List<JsonNode> rows) {
    try {
      invocation.client().post(ask, PolicyText.CHECK, PolicyText.of(ask, file), PolicyText.TYPE);
      rows.add(row("policy", Verdict.PASSED, List.of()));
      return true;
    } catch (CliFailure e) {
      if (PolicyText.asPolicy(e).exitCode() != ExitCode.POLICY) {
        throw e;
      }
      rows.add(row("policy", Verdict.FAILED, List.of(e.why())));
      return false;
    }
  }

  private JsonNode check(Invocation invocation, Ask ask, Path folder, @Nullable Path policyFile) {
    ModelFiles.Tree files = ModelFiles.at(folder.resolve(path)).below("model/");
    if (!holdout.isEmpty()) {
      Path file = folder.resolve(holdout);
      files = files.with("holdout/" + file.getFileName(), file);
    }
    if (policyFile != null) {
      files = files.with("policy.yaml", policyFile);
    }
    long total = files.sizeBytes();
    Upload upload =
        Upload.of(files, done -> invocation.progress().bytes("uploading " + path, done, total));
    String query =
        "?environment=%s&deployment=%s&skip=%s"
            .formatted(
                ServerClient.encode(environmentName),
                ServerClient.encode(deployment.isEmpty() ? name : deployment),
                ServerClient.encode(String.join(",", skipped)));
    JsonNode answer =
        invocation
            .client()
            .post(
                ask,
                ModelVersion.path(name) + "/checks" + query,
                upload.body(),
                upload.contentType())
            .body();
    invocation.progress().end();
    return answer;
  }

  /** What was looked at, in order, each as evidence is shown. */
  private static List<JsonNode> rows(JsonNode answer) {
    List<JsonNode> rows = new ArrayList<>();
    String refusal = answer.path("refusal").asText();
    rows.add(
        refusal.isEmpty()
            ? row("registration", Verdict.PASSED, List.of())
            : row("registration", Verdict.FAILED, List.of(refusal)));
    answer.path("evidence").forEach(rows::add);
    answer
        .path("skipped")
        .forEach(gate -> rows.add(row(gate.asText(), Verdict.SKIPPED, List.of())));
    List<String> unmet = texts(answer.path("unmet"));
    if (!unmet.isEmpty()) {
      rows.add(row("requirements", Verdict.FAILED, unmet));
    }
    return rows;
  }

  private static ObjectNode row(String gate, Verdict verdict, List<String> findings) {
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("gate", gate).put("verdict", verdict.name());
    findings.forEach(row.putArray("findings")::add);
    return row;
  }

  private CheckReport report(Path folder, JsonNode answer, List<JsonNode> rows) {
    String model = uri(folder, path);
    List<Item> items = new ArrayList<>();
    for (JsonNode row : rows) {
      String gate = JsonText.of(row, "gate");
      items.add(
          new Item(
              gate,
              Verdict.valueOf(JsonText.of(row, "verdict")),
              texts(row.path("findings")),
              row.path("digest").asText(),
              gate.equals("policy") ? uri(folder, policy) : model));
    }
    List<Digest> digests = new ArrayList<>();
    add(digests, "artifact", answer, "version", "artifact");
    add(digests, "incumbent", answer, "incumbent", "incumbent_artifact");
    add(digests, "policy", answer, "environment", "policy");
    for (JsonNode row : rows) {
      JsonNode rowsDigest = row.path("inputs").path("holdout");
      if (rowsDigest.isTextual()) {
        digests.add(new Digest("holdout", holdout, rowsDigest.asText()));
        break;
      }
    }
    return new CheckReport(name, environmentName, model, digests, items);
  }

  private static void add(
      List<Digest> digests, String what, JsonNode answer, String named, String digest) {
    if (answer.path(digest).isTextual()) {
      digests.add(new Digest(what, answer.path(named).asText(), answer.path(digest).asText()));
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Relative where it lies in the working folder, which pipelines make the repository's root. */
  private static String uri(Path folder, String path) {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve(path).normalize();
    if (!file.startsWith(root)) {
      return file.toUri().toString();
    }
    String relative =
        root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    try {
      // The leading "./" keeps a colon in the first segment from being read as a scheme's.
      return new URI(null, null, "./" + relative, null).getRawPath().substring(2);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(path + " has no URI", e);
    }
  }

  private static void write(
      Ask ask, Path folder, String file, CheckReport report, Function<CheckReport, String> format) {
    if (file.isEmpty()) {
      return;
    }
    Path target = folder.resolve(file).toAbsolutePath();
    try {
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(target, format.apply(report));
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          ask.what(),
          "%s cannot be written: %s".formatted(file, e),
          "the same with a file that can be written");
    }
  }
}
