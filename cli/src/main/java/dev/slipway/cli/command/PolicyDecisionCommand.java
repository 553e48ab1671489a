package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Parameters;

/** What a person decides about a proposed policy. */
abstract class PolicyDecisionCommand extends SlipwayCommand {
  @Parameters(paramLabel = "ID", description = "number of a policy")
  private long id;

  private final String operation;

  /**
   * @param operation verb for messages, and last segment of the path
   */
  PolicyDecisionCommand(Environment environment, String operation) {
    super(environment);
    this.operation = operation;
  }

  @Override
  final ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("%s policy %d".formatted(operation, id), "slipway policy list")
            .ifMissing("slipway policy list");
    String path = "%s/%d/%s".formatted(PromotionPaths.POLICIES, id, operation);
    invocation.printer().one(GovernanceKinds.POLICY, invocation.client().post(ask, path).body());
    return ExitCode.OK;
  }
}
