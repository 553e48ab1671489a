package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.JsonText;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "lint",
    description = "Finds the mistakes of a policy file; exit code 5 if there are any.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy lint policy.yaml"})
final class PolicyLintCommand extends SlipwayCommand {
  @Parameters(paramLabel = "FILE", description = "a policy in YAML")
  private Path file = Path.of("policy.yaml");

  PolicyLintCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("check " + file, "slipway policy show");
    try {
      String digest =
          JsonText.of(
              invocation
                  .client()
                  .post(ask, PolicyText.CHECK, PolicyText.of(ask, file), PolicyText.TYPE)
                  .body(),
              "digest");
      invocation.progress().note("%s has no mistakes (%s)".formatted(file, digest));
      return ExitCode.OK;
    } catch (CliFailure e) {
      throw PolicyText.asPolicy(e);
    }
  }
}
