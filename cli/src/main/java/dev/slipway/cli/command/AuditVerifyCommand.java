package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.audit.AuditFiles;
import dev.slipway.cli.output.Json;
import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Finding;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.store.audit.FolderTileSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Verifies an export of the audit log, offline.",
      "Every entry is hashed and must lead to the root that the checkpoint signs. With --key that"
          + " signature must be of the log's key, which you have from somewhere else than the"
          + " export; without it the key inside the export is taken, and authenticity is not"
          + " proven. Exit code 0 if all is as it was logged, 7 if not; the first bad entry is"
          + " named."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit verify ./export --key log.vkey",
      "  slipway audit verify ./export --key log.vkey --known last-month/checkpoint",
      "  slipway audit verify ./export --key log.vkey --witness witnesses.vkey --quorum 2",
      "  slipway audit verify ./export --key log.vkey --receipt fraud-3.tlog-proof -o json"
    })
final class AuditVerifyCommand extends SlipwayCommand {
  private static final String NEXT = "slipway audit verify --help";

  @Parameters(paramLabel = "DIR", description = "the export: a folder with a checkpoint and tiles")
  private String folder = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "the log's public key, a line NAME+ID+BASE64")
  private @Nullable String key;

  @Option(
      names = "--witness",
      paramLabel = "FILE",
      description = "public keys of witnesses, a line each; again for further files")
  private List<String> witnesses = new ArrayList<>();

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "how many of the witnesses must have cosigned; 1 unless said otherwise")
  private @Nullable Integer quorum;

  @Option(
      names = "--known",
      paramLabel = "FILE",
      description =
          "a checkpoint seen before, or got from a witness, which the log must continue; again for"
              + " further ones")
  private List<String> known = new ArrayList<>();

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "a receipt whose entry the log must have; again for further ones")
  private List<String> receipts = new ArrayList<>();

  AuditVerifyCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Path working = invocation.environment().folder();
    String what = "verify " + folder;
    AuditFiles files = new AuditFiles(working, what, NEXT);
    Path export = working.resolve(folder);
    if (!Files.isDirectory(export)) {
      throw new CliFailure(ExitCode.NOT_FOUND, what, folder + ": no such folder", NEXT);
    }
    Trust trust = trust(files, what);
    AuditReport report =
        files.attempt(
            () ->
                AuditVerifier.verify(
                    new FolderTileSource(export),
                    trust,
                    (read, of) ->
                        invocation.progress().count("verifying " + folder, "entries", read, of)));
    invocation.progress().end();
    invocation.printer().one(Kinds.AUDIT_REPORT, toJson(report));
    return report.isIntact() ? ExitCode.OK : ExitCode.INTEGRITY;
  }

  private Trust trust(AuditFiles files, String what) {
    List<VerifierKey> keys =
        witnesses.stream().flatMap(file -> files.publicKeys(file).stream()).toList();
    int required = quorum != null ? quorum : witnesses.isEmpty() ? 0 : 1;
    WitnessQuorum asked;
    try {
      asked = new WitnessQuorum(keys, required);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, String.valueOf(e.getMessage()), NEXT);
    }
    return new Trust(
        key == null ? null : files.publicKey(key),
        asked,
        known.stream().map(files::checkpoint).toList(),
        receipts.stream().map(files::receipt).toList());
  }

  private static ObjectNode toJson(AuditReport report) {
    ObjectNode document = Json.mapper().createObjectNode();
    Checkpoint checkpoint = report.checkpoint();
    document
        .put("log", checkpoint == null ? "" : checkpoint.origin())
        .put("result", report.isIntact() ? "intact" : "damaged")
        .put("authenticity", report.authenticityProven() ? "proven" : "not proven")
        .put("key", report.key() == null ? "" : report.key().toString())
        .put("entries", checkpoint == null ? 0 : checkpoint.size())
        .put("entries_read", report.entriesRead())
        .put("root", checkpoint == null ? "" : checkpoint.root().toBase64());
    if (report.firstBadEntry().isPresent()) {
      document.put("first_bad_entry", report.firstBadEntry().getAsLong());
    } else {
      document.putNull("first_bad_entry");
    }
    ArrayNode cosigners = document.putArray("witnesses");
    report.cosigners().forEach(witness -> cosigners.add(witness.toString()));
    ArrayNode findings = document.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode node = findings.addObject().put("kind", finding.kind().name());
      if (!finding.entries().isEmpty()) {
        node.put("first_entry", finding.entries().first())
            .put("last_entry", finding.entries().end() - 1);
      }
      node.put("message", finding.message());
    }
    return document;
  }
}
