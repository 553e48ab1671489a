package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.config.Setting;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = {
      "Shows the settings in force.",
      "The first of these that has a value wins: a flag, SLIPWAY_*, the nearest slipway.yaml, the"
          + " context, ~/.config/slipway/config.yaml, the default."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway config list", "  slipway config list --show-origin"})
final class ConfigListCommand extends SlipwayCommand {
  @Option(names = "--show-origin", description = "also where each value comes from")
  private boolean showOrigin;

  ConfigListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("SETTING", "key"));
    columns.add(Column.of("VALUE", "value"));
    if (showOrigin) {
      columns.add(Column.of("ORIGIN", "origin"));
    }

    columns.add(Column.of("MEANING", "meaning").wide());
    List<JsonNode> documents = new ArrayList<>();
    for (Setting setting : invocation.settings().all()) {
      documents.add(
          Json.mapper()
              .createObjectNode()
              .put("key", setting.key().key())
              .put("value", setting.value())
              .put("origin", setting.origin())
              .put("meaning", setting.key().description()));
    }
    Kind kind = Kind.ofTable(node -> JsonText.of(node, "key"), columns);
    invocation.printer().list(kind, documents.iterator());
    return ExitCode.OK;
  }
}
