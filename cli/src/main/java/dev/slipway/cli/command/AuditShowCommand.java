package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Shows an entry of the audit log: who did what, and the digests it names.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway audit show 7", "  slipway audit show 7 -o json | jq .entry"})
final class AuditShowCommand extends SlipwayCommand {
  @Parameters(paramLabel = "INDEX", description = "number of the entry, from 0")
  private long index;

  AuditShowCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("show audit entry " + index, "slipway audit list");
    invocation
        .printer()
        .one(
            Kinds.AUDIT_ENTRY,
            invocation.client().get(ask, "/api/v1/audit/entries/" + index).body());
    return ExitCode.OK;
  }
}
