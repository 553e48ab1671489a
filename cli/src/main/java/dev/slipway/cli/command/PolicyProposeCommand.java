package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "propose",
    description = "Proposes a policy; it holds when another person has approved it.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy propose policy.yaml --reason 'two approvers from May on'"})
final class PolicyProposeCommand extends SlipwayCommand {
  @Parameters(paramLabel = "FILE", description = "a policy in YAML")
  private Path file = Path.of("policy.yaml");

  @Option(
      names = {"-m", "--reason"},
      paramLabel = "WORDS",
      description = "why; it is kept with the policy")
  private String reason = "";

  PolicyProposeCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("propose " + file, "slipway policy lint " + file);
    try {
      invocation
          .printer()
          .one(
              GovernanceKinds.POLICY,
              invocation
                  .client()
                  .post(
                      ask,
                      PromotionPaths.POLICIES + "?reason=" + ServerClient.encode(reason),
                      PolicyText.of(ask, file),
                      PolicyText.TYPE)
                  .body());
      return ExitCode.OK;
    } catch (CliFailure e) {
      throw PolicyText.asPolicy(e);
    }
  }
}
