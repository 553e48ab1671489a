package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.backup.BackupManifest;
import dev.slipway.store.backup.BackupReader;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Puts a backup into a new data folder, without a server. Every file is compared with the",
      "manifest first; exit code 7 if one differs, and then nothing is there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway backup restore tonight.zip --data ./restored",
      "  slipway up --data ./restored"
    })
final class BackupRestoreCommand extends SlipwayCommand {
  @Parameters(paramLabel = "FILE", description = "a backup")
  private Path file = Path.of("backup.zip");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "a folder that is empty or not there")
  private Path data = Path.of(".slipway");

  BackupRestoreCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    try {
      BackupManifest manifest = BackupReader.restore(file, data);
      invocation
          .progress()
          .note(
              "restored %d files of %s, with %d audit entries; next: slipway up --data %s"
                  .formatted(
                      manifest.files().size(), manifest.createdAt(), manifest.auditSize(), data));
      if (!manifest.hasDatabase()) {
        invocation.progress().note("its database is PostgreSQL: restore that with pg_restore");
      }
      if (!manifest.hasArtifacts()) {
        invocation
            .progress()
            .note("its models' artifacts are in S3: start it with the same artifact-s3 settings");
      }
      return ExitCode.OK;
    } catch (SlipwayException e) {
      throw new CliFailure(
          e.code() == ErrorCode.STORE_CORRUPT ? ExitCode.INTEGRITY : ExitCode.ERROR,
          "restore " + file,
          String.valueOf(e.getMessage()),
          e.code() == ErrorCode.STORE_CORRUPT ? "another backup" : "slipway backup restore --help");
    }
  }
}
