package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the webhooks, and why the last attempt failed; never their secrets.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway webhook list", "  slipway webhook list -o wide"})
final class WebhookListCommand extends SlipwayCommand {
  static final String PATH = "/api/v1/webhooks";

  static final Kind WEBHOOK =
      Kind.ofTable(
          node -> JsonText.of(node, "id"),
          List.of(
              Column.of("ID", "id"),
              Column.of("URL", "url"),
              Column.of("EVENTS", "events"),
              Column.state("STATE", "state"),
              Column.of("FAILURES", "failures"),
              Column.of("LAST ERROR", "last_error"),
              Column.of("CREATOR", "creator").wide(),
              Column.instant("CREATED", "created_at").wide()));

  @Mixin private ListOptions list = new ListOptions();

  WebhookListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list the webhooks", "slipway whoami"),
        PATH,
        WEBHOOK,
        "no webhooks; slipway webhook create");
  }
}
