package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import dev.slipway.core.model.ModelRef;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "deploy",
    description = {
      "Makes a deployment serve a version of a model; the deployment is created at the first time.",
      "Requests go on being answered while the version is exchanged."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway deploy fraud/1 --to fraud",
      "  slipway deploy fraud/2 --to fraud --wait --timeout 2m",
      "  slipway deploy fraud/2 --to fraud-live --env prod",
      "  slipway deploy fraud/2 --to fraud --dry-run"
    })
final class DeployCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Parameters(
      paramLabel = "NAME/V",
      converter = ModelVersion.class,
      description = "a version of a model")
  private ModelRef ref = new ModelRef("", 0);

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DEPLOYMENT",
      description = "the deployment, which clients address as the model's name")
  private String deployment = "";

  @Option(
      names = "--env",
      paramLabel = "ENVIRONMENT",
      description = {
        "where a new deployment answers: dev, or a protected one, which needs a promotion;",
        "exit code 5 says what is missing"
      })
  private String environment = "";

  @Option(names = "--wait", description = "wait until the version is ready to answer")
  private boolean wait;

  @Option(names = "--dry-run", description = "check that the version exists and change nothing")
  private boolean dryRun;

  DeployCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask(
                "deploy %s to %s".formatted(ref, deployment),
                "slipway deployment get " + deployment,
                TIMEOUT)
            .ifMissing("slipway model get " + ref.model());
    if (dryRun) {
      JsonNode version = invocation.client().get(ask, ModelVersion.path(ref)).body();
      invocation.printer().one(Kinds.VERSION, version);
      invocation
          .progress()
          .note("dry run: %s would serve %s; nothing was changed".formatted(deployment, ref));
      return ExitCode.OK;
    }
    ObjectNode body =
        Json.mapper().createObjectNode().put("model", ref.model()).put("version", ref.version());
    if (!environment.isEmpty()) {
      body.put("environment", environment);
    }
    return DeploymentState.settle(
        invocation,
        Waiting.during(
            invocation.progress(),
            "deploying " + ref,
            () -> invocation.client().put(ask, DeploymentState.path(deployment), body)),
        wait,
        ask);
  }
}
