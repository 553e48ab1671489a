package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import dev.slipway.core.model.ModelRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "request",
    description = {
      "Asks for a version at a protected place. The same again gives the same promotion, as long"
          + " as",
      "it is open."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway promotion request fraud/2 --to deployment/fraud --env prod",
      "  slipway promotion request fraud/2 --to alias/champion --reason 'weekly retraining'",
      "  slipway promotion request fraud/2 --to stage/Production"
    })
final class PromotionRequestCommand extends SlipwayCommand {
  @Parameters(
      paramLabel = "NAME/V",
      converter = ModelVersion.class,
      description = "a version of a model")
  private ModelRef ref = new ModelRef("", 0);

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TARGET",
      description = "deployment/NAME, alias/NAME or stage/NAME")
  private String target = "";

  @Option(
      names = "--env",
      paramLabel = "ENVIRONMENT",
      description = "environment of the deployment; ${DEFAULT-VALUE} unless given")
  private String environment = "prod";

  @Option(
      names = {"-m", "--reason"},
      paramLabel = "WORDS",
      description = "why; it is kept with the promotion")
  private String reason = "";

  PromotionRequestCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("request %s at %s".formatted(ref, target), "slipway policy show")
            .ifMissing("slipway model get " + ref.model());
    ObjectNode body =
        Json.mapper()
            .createObjectNode()
            .put("model", ref.model())
            .put("version", ref.version())
            .put("reason", reason);
    String[] parts = target.split("/", 2);
    switch (parts[0]) {
      case "deployment" ->
          body.put("deployment", parts[parts.length - 1]).put("environment", environment);
      case "alias" -> body.put("alias", name(parts[parts.length - 1]));
      case "stage" -> body.put("stage", name(parts[parts.length - 1]));
      default ->
          throw new CliFailure(
              ExitCode.USAGE,
              ask.what(),
              "--to: '%s' (expected: deployment/NAME, alias/NAME or stage/NAME)".formatted(target),
              "slipway promotion request --help");
    }
    invocation
        .printer()
        .one(
            GovernanceKinds.PROMOTION,
            invocation.client().post(ask, PromotionPaths.PROMOTIONS, body).body());
    return ExitCode.OK;
  }

  /** The model's name in front, as in {@code fraud@champion}, says nothing new. */
  private static String name(String written) {
    return written.substring(Math.max(written.lastIndexOf('@'), written.lastIndexOf('/')) + 1);
  }
}
