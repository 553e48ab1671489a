package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = {
      "Says yes to a promotion, exactly as it is now: if anything about it changes, the yes counts",
      "for nothing. Whoever registered or requested it cannot approve it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway approve 17",
      "  slipway approve 17 --reason 'checked the slices' --binding sha256:..."
    })
final class ApproveCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a promotion")
  private long id;

  @Option(
      names = {"-m", "--reason"},
      paramLabel = "WORDS",
      description = "why; it is kept with the promotion")
  private String reason = "";

  @Option(
      names = "--binding",
      paramLabel = "DIGEST",
      description = "what was looked at, of slipway promotion get; by default what it is now")
  private String binding = "";

  ApproveCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("approve promotion " + id, "slipway promotion get " + id)
            .ifMissing("slipway promotion list");
    String seen = binding;
    if (seen.isEmpty()) {
      JsonNode promotion = invocation.client().get(ask, PromotionPaths.of(id)).body();
      seen = GovernanceKinds.bindingDigest(promotion);
    }
    ObjectNode body = Json.mapper().createObjectNode().put("binding", seen).put("reason", reason);
    invocation
        .printer()
        .one(
            GovernanceKinds.PROMOTION,
            invocation.client().post(ask, PromotionPaths.of(id) + "/approve", body).body());
    return ExitCode.OK;
  }
}
