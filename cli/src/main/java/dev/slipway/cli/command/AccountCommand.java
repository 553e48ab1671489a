package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Answer;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A change of one account, which is shown afterwards. */
abstract class AccountCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  private final String operation;

  /**
   * @param operation verb for messages, and last segment of the path
   */
  AccountCommand(Environment environment, String operation) {
    super(environment);
    this.operation = operation;
  }

  /** What the request says; null for nothing. */
  @Nullable ObjectNode body(Ask ask) {
    return null;
  }

  @Override
  final ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("%s %s".formatted(operation, name), "slipway user list");
    ObjectNode body = body(ask);
    String path = "/api/v1/accounts/" + ServerClient.encode(name) + "/" + operation;
    ServerClient client = invocation.client();
    Answer answer = body == null ? client.post(ask, path) : client.post(ask, path, body);
    invocation.printer().one(Kinds.ACCOUNT, answer.body());
    return ExitCode.OK;
  }
}
