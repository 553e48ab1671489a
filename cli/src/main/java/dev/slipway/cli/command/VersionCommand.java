package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.Version;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Shows the version of the command line and of the server, if one answers.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway version", "  slipway version -o json"})
final class VersionCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Kind VERSIONS =
      new Kind(
          node -> JsonText.of(node, "cli"),
          List.of(Column.of("CLI", "cli")),
          (node, wide, style) ->
              "slipway  %s (Java %s)%nserver   %s%n"
                  .formatted(
                      JsonText.of(node, "cli"),
                      JsonText.of(node, "java"),
                      node.path("server").isNull()
                          ? "none answers at " + JsonText.of(node, "url")
                          : "%s at %s"
                              .formatted(JsonText.of(node, "server"), JsonText.of(node, "url"))));

  VersionCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    ObjectNode versions =
        Json.mapper()
            .createObjectNode()
            .put("cli", Version.number())
            .put("java", Runtime.version().toString())
            .put("url", invocation.settings().url().toString());
    try {
      JsonNode server =
          invocation
              .client()
              .get(invocation.ask("read the server's version", "slipway doctor", TIMEOUT), "/v2")
              .body();
      versions.put("server", JsonText.of(server, "version"));
    } catch (CliFailure e) {
      versions.putNull("server");
    }
    invocation.printer().one(VERSIONS, versions);
    return ExitCode.OK;
  }
}
