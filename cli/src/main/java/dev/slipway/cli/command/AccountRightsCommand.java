package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import picocli.CommandLine.Mixin;

/** A change of an account's rights. */
abstract class AccountRightsCommand extends AccountCommand {
  @Mixin private RightsOptions rights = new RightsOptions();

  private final String help;

  AccountRightsCommand(Environment environment, String operation) {
    super(environment, operation);
    this.help = "slipway user %s --help".formatted(operation);
  }

  @Override
  final ObjectNode body(Ask ask) {
    if (rights.isEmpty()) {
      throw new CliFailure(ExitCode.USAGE, ask.what(), "neither --role nor --grant is given", help);
    }
    return rights.into(Json.mapper().createObjectNode());
  }
}
