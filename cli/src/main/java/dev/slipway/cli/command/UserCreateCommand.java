package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {"Makes an account: of a person, who then has to be invited, or of a service."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway user create ana@example.com --role developer",
      "  slipway user create shop --service --grant infer:deployment/fraud",
      "  slipway user create partner --service --grant infer-rounded:deployment/fraud@10000/day"
    })
final class UserCreateCommand extends SlipwayCommand {
  @Parameters(paramLabel = "NAME", description = "an account")
  private String name = "";

  @Option(names = "--service", description = "a service, not a person; it can never approve")
  private boolean service;

  @Mixin private RightsOptions rights = new RightsOptions();

  UserCreateCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("make the account " + name, "slipway user list");
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("name", name).put("kind", service ? "service" : "person");
    invocation
        .printer()
        .one(
            Kinds.ACCOUNT,
            invocation.client().post(ask, "/api/v1/accounts", rights.into(body)).body());
    invocation
        .progress()
        .note(
            (service ? "a token for it: slipway token create --account " : "slipway user invite ")
                + name);
    return ExitCode.OK;
  }
}
