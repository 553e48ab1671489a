package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "test",
    description = {
      "Shows what a promotion would miss if a policy file were in force; exit code 5 if anything.",
      "Nothing is changed."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy test stricter.yaml --promotion 17"})
final class PolicyTestCommand extends SlipwayCommand {
  private static final Kind MISSING =
      Kind.ofTable(
          node -> JsonText.of(node, "what"),
          List.of(Column.of("MISSING", "what"), Column.of("NEXT", "command")));

  @Parameters(paramLabel = "FILE", description = "a policy in YAML")
  private Path file = Path.of("policy.yaml");

  @Option(names = "--promotion", required = true, paramLabel = "ID", description = "a promotion")
  private long promotion;

  PolicyTestCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("test %s with promotion %d".formatted(file, promotion), "slipway policy show")
            .ifMissing("slipway promotion list");
    List<JsonNode> missing = new ArrayList<>();
    try {
      invocation
          .client()
          .post(ask, "/api/v1/policy/test/" + promotion, PolicyText.of(ask, file), PolicyText.TYPE)
          .body()
          .path("missing")
          .forEach(missing::add);
    } catch (CliFailure e) {
      throw PolicyText.asPolicy(e);
    }
    invocation.printer().list(MISSING, missing.iterator());
    return missing.isEmpty() ? ExitCode.OK : ExitCode.POLICY;
  }
}
