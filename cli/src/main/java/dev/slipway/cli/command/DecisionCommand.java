package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a person decides about a promotion, with a reason. */
abstract class DecisionCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a promotion")
  private long id;

  @Option(
      names = {"-m", "--reason"},
      required = true,
      paramLabel = "WORDS",
      description = "why; it is kept with the promotion")
  private String reason = "";

  private final String verb;
  private final String operation;

  /**
   * @param verb for messages
   * @param operation last segment of the path
   */
  DecisionCommand(Environment environment, String verb, String operation) {
    super(environment);
    this.verb = verb;
    this.operation = operation;
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("%s promotion %d".formatted(verb, id), "slipway promotion get " + id)
            .ifMissing("slipway promotion list");
    ObjectNode body = Json.mapper().createObjectNode().put("reason", reason);
    invocation
        .printer()
        .one(
            GovernanceKinds.PROMOTION,
            invocation.client().post(ask, PromotionPaths.of(id) + "/" + operation, body).body());
    return ExitCode.OK;
  }
}
