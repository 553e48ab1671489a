package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.audit.AuditFiles;
import dev.slipway.cli.audit.ServerTileSource;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Json;
import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.TileExport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Copies the audit log into a folder, as it is signed now.",
      "The folder is all that 'slipway audit verify' and other clients of such logs"
          + " (c2sp.org/tlog-tiles) need."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit export ./export",
      "  slipway audit export ./export && slipway audit verify ./export --key log.vkey"
    })
final class AuditExportCommand extends SlipwayCommand {
  @Parameters(paramLabel = "DIR", description = "folder without a log; created if it is not there")
  private String folder = "";

  AuditExportCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("export the audit log to " + folder, "slipway doctor");
    Path working = invocation.environment().folder();
    Checkpoint checkpoint =
        new AuditFiles(working, ask.what(), ask.next())
            .attempt(
                () ->
                    TileExport.copy(
                        new ServerTileSource(invocation.client(), ask),
                        new FolderTileStore(working.resolve(folder)),
                        (read, of) ->
                            invocation.progress().count("exporting", "entries", read, of)));
    invocation.progress().end();
    ObjectNode document = Json.mapper().createObjectNode();
    document
        .put("folder", folder)
        .put("log", checkpoint.origin())
        .put("entries", checkpoint.size())
        .put("root", checkpoint.root().toBase64());
    invocation.printer().one(Kinds.AUDIT_EXPORT, document);
    return ExitCode.OK;
  }
}
