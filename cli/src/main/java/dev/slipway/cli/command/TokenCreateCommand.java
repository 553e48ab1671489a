package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {
      "Makes a token and prints it; nothing shows it again. Roles and grants narrow it to less than"
          + " its account may."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway token create --purpose laptop",
      "  slipway token create --account shop --grant infer:deployment/fraud --days 30"
    })
final class TokenCreateCommand extends SlipwayCommand {
  @Option(names = "--account", paramLabel = "NAME", description = "whose; your own unless given")
  private String account = "";

  @Option(names = "--purpose", paramLabel = "TEXT", description = "what it is for")
  private String purpose = "";

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "how long it is accepted; ${DEFAULT-VALUE} unless given")
  private int days = 90;

  @Mixin private RightsOptions rights = new RightsOptions();

  TokenCreateCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("make a token", "slipway user list");
    String owner = AccountOption.resolve(account, invocation, ask);
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("purpose", purpose).put("lifetime_seconds", Duration.ofDays(days).toSeconds());
    if (!rights.isEmpty()) {
      rights.into(body);
    }
    invocation
        .printer()
        .one(
            Kinds.ISSUED_TOKEN,
            invocation.client().post(ask, AccountOption.tokens(owner), body).body());
    return ExitCode.OK;
  }
}
