package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.config.Setting;
import dev.slipway.cli.config.SettingKey;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Prints the value of one setting.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway config get url", "  slipway config get up.port -o json"})
final class ConfigGetCommand extends SlipwayCommand {
  private static final Kind SETTING =
      new Kind(
          node -> JsonText.of(node, "key"),
          List.of(Column.of("VALUE", "value")),
          (node, wide, style) -> node.path("value").asText() + "\n");

  @Parameters(paramLabel = "SETTING", description = "the setting, such as url or up.port")
  private String key = "";

  ConfigGetCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Setting setting =
        SettingKey.named(key)
            .map(invocation.settings()::setting)
            .orElseThrow(
                () ->
                    new CliFailure(
                        ExitCode.NOT_FOUND,
                        "read setting " + key,
                        "'%s' (expected: one of %s)"
                            .formatted(
                                key,
                                Arrays.stream(SettingKey.values())
                                    .map(SettingKey::key)
                                    .collect(Collectors.joining(", "))),
                        "slipway config list"));
    invocation
        .printer()
        .one(
            SETTING,
            Json.mapper()
                .createObjectNode()
                .put("key", setting.key().key())
                .put("value", setting.value())
                .put("origin", setting.origin()));
    return ExitCode.OK;
  }
}
