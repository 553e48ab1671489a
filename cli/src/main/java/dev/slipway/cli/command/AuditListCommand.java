package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists who changed what, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit list --limit 20",
      "  slipway audit list --from 100 -o jsonl",
      "  slipway audit list -o wide --watch"
    })
final class AuditListCommand extends SlipwayCommand {
  @Option(
      names = "--from",
      paramLabel = "INDEX",
      description = "the entries in their order instead, beginning with this one")
  private @Nullable Long from;

  @Mixin private ListOptions list = new ListOptions();

  AuditListCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("list the audit log", "slipway doctor");
    if (from != null && from < 0) {
      throw new CliFailure(
          ExitCode.USAGE, ask.what(), "--from: %d (expected: >= 0)".formatted(from), "--from 0");
    }
    return list.print(
        invocation,
        ask,
        "/api/v1/audit/entries" + (from == null ? "" : "?from=" + from),
        Kinds.AUDIT_ENTRY,
        "no entries; nothing was changed yet");
  }
}
