package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerToken;
import dev.slipway.cli.output.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "claim",
    description = {
      "Uses an invitation up and prints the first token of the account; nothing shows it again.",
      "The code is read from stdin. The user who runs the server needs none for the first account,"
          + " which administers the server."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway user claim ana@example.com",
      "  slipway user claim ana@example.com < code"
    })
final class UserClaimCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  UserClaimCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("claim the account " + name, "slipway user invite " + name);
    Environment environment = invocation.environment();
    String code = environment.isTerminal(Environment.Stream.IN) ? "" : firstLine(environment, ask);
    if (code.isEmpty()) {
      code =
          ServerToken.firstInvitation(environment, invocation.settings().url())
              .orElseThrow(
                  () ->
                      new CliFailure(
                          ExitCode.USAGE,
                          ask.what(),
                          "no code on stdin, and the server left none for its first person here",
                          ask.next() + ", by somebody who administers the server"));
    }
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("code", code).put("name", name);
    invocation
        .printer()
        .one(
            Kinds.ISSUED_TOKEN,
            invocation.client().post(ask, "/api/v1/invitations/redeem", body).body());
    invocation.progress().note("keep it: export SLIPWAY_TOKEN=TOKEN");
    return ExitCode.OK;
  }

  private static String firstLine(Environment environment, Ask ask) {
    try {
      String text = new String(environment.in().readNBytes(1_000), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new CliFailure(ExitCode.ERROR, ask.what(), "stdin: " + e.getMessage(), ask.next());
    }
  }
}
