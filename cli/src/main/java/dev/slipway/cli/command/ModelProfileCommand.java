package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.core.model.ModelRef;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "profile",
    description =
        "Measures a version on the server's devices, batch sizes and thread counts, and recommends"
            + " settings.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway model profile fraud/1",
      "  slipway model profile fraud/1 -o json | jq .recommended"
    })
final class ModelProfileCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Parameters(
      paramLabel = "NAME/V",
      converter = ModelVersion.class,
      description = "a version of a model")
  private ModelRef ref = new ModelRef("", 0);

  ModelProfileCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("profile " + ref, "slipway model get " + ref.model(), TIMEOUT);
    JsonNode profile =
        Waiting.during(
            invocation.progress(),
            "measuring " + ref,
            () -> invocation.client().post(ask, ModelVersion.path(ref) + "/profile").body());
    invocation.printer().one(Kinds.PROFILE, profile);
    return ExitCode.OK;
  }
}
