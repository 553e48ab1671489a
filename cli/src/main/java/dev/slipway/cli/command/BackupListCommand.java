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
    description = "Lists the backups in the server's data folder, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway backup list"})
final class BackupListCommand extends SlipwayCommand {
  static final String PATH = "/api/v1/backups";

  static final Kind BACKUP =
      Kind.ofTable(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("NAME", "name"),
              Column.of("SIZE", node -> JsonText.bytes(node.path("bytes"))),
              Column.of("FILES", "files"),
              Column.of("AUDIT ENTRIES", "audit_size"),
              Column.of("DIGEST", "digest").wide()));

  @Mixin private ListOptions list = new ListOptions();

  BackupListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    return list.print(
        invocation,
        invocation.ask("list backups", "slipway doctor"),
        PATH,
        BACKUP,
        "no backups; slipway backup create takes one");
  }
}
