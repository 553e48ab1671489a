package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "receipt",
    description = {
      "Gets the proof that an entry is in the audit log.",
      "The proof (c2sp.org/tlog-proof) is checked without the log. Beside an export, 'slipway audit"
          + " verify --receipt' checks that the export still has the entry."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit receipt 7 > fraud-3.tlog-proof",
      "  slipway audit receipt 7 --out fraud-3.tlog-proof"
    })
final class AuditReceiptCommand extends SlipwayCommand {
  @Parameters(paramLabel = "INDEX", description = "number of the entry, from 0")
  private long index;

  @Option(names = "--out", paramLabel = "FILE", description = "write it there, not to stdout")
  private String out = "";

  AuditReceiptCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("get the receipt of audit entry " + index, "slipway audit list");
    byte[] receipt = invocation.client().bytes(ask, "/api/v1/audit/entries/" + index + "/receipt");
    if (out.isEmpty()) {
      invocation.environment().out().writeBytes(receipt);
      invocation.environment().out().flush();
      return ExitCode.OK;
    }
    Path file = invocation.environment().folder().resolve(out);
    try {
      Files.write(file, receipt);
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR, ask.what(), "%s cannot be written: %s".formatted(file, e), "--out FILE");
    }
    invocation.progress().note("written to " + out);
    return ExitCode.OK;
  }
}
