package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {
      "Tells a URL of promotions and policies from now on, and prints the secret with which"
          + " messages are signed; nothing shows it again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway webhook create https://example.com/hook",
      "  slipway webhook create https://example.com/hook --event promotion.approved"
    })
final class WebhookCreateCommand extends SlipwayCommand {
  private static final Kind CREATED =
      new Kind(
          node -> JsonText.of(node, "secret"),
          List.of(Column.of("ID", "id"), Column.of("SECRET", "secret")),
          (node, wide, style) ->
              Kinds.pairs(
                  Map.entry("Webhook", JsonText.of(node, "id")),
                  Map.entry("Url", JsonText.of(node, "url")),
                  Map.entry("Events", JsonText.of(node, "events")),
                  Map.entry("Secret", JsonText.of(node, "secret"))));

  @Parameters(paramLabel = "URL", description = "where messages go, over https")
  private String url = "";

  @Option(
      names = "--event",
      paramLabel = "EVENT",
      description =
          "promotion.*, policy.*, protection.*, deployment.*, or one action such as"
              + " promotion.approved; may be repeated; the first three unless given")
  private List<String> events = List.of("promotion.*", "policy.*", "protection.*");

  WebhookCreateCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    ObjectNode body = Json.mapper().createObjectNode().put("url", url);
    events.forEach(body.putArray("events")::add);
    invocation
        .printer()
        .one(
            CREATED,
            invocation
                .client()
                .post(
                    invocation.ask("make the webhook", "slipway webhook create --help"),
                    WebhookListCommand.PATH,
                    body)
                .body());
    return ExitCode.OK;
  }
}
