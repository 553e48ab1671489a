package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.control.PostgresCopyManifest;
import dev.slipway.store.control.PostgresCopyReader;
import dev.slipway.store.control.PostgresSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore-database",
    description = {
      "Puts the copy that a server made of its PostgreSQL database before a migration into an",
      "empty one, without a server. All rows are compared with the manifest first; exit code 7 if",
      "some differ, and then nothing is there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway backup restore-database control.zip --database-url jdbc:postgresql://db/restored"
    })
final class BackupRestoreDatabaseCommand extends SlipwayCommand {
  @Parameters(paramLabel = "FILE", description = "a copy, in backups/ of the data folder")
  private Path file = Path.of("control.zip");

  @Option(
      names = "--database-url",
      required = true,
      paramLabel = "URL",
      description = "an empty database, such as jdbc:postgresql://host/restored")
  private String url = "";

  @Option(
      names = "--database-user",
      paramLabel = "NAME",
      description = "user of that database; the system's user unless given")
  private String user = "";

  @Option(
      names = "--database-password-file",
      paramLabel = "PATH",
      description = "file with the password of that user")
  private @Nullable Path passwordFile;

  BackupRestoreDatabaseCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    // The command line has no log; a remark about that would stand among its own.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    try {
      PostgresCopyManifest manifest =
          PostgresCopyReader.restore(file, PostgresSettings.of(url, user, passwordFile));
      invocation
          .progress()
          .note(
              "restored %d rows of %s, schema %d; next: the release that wrote it, or a newer one"
                  .formatted(manifest.rows(), manifest.createdAt(), manifest.schemaVersion()));
      return ExitCode.OK;
    } catch (SlipwayException e) {
      throw new CliFailure(
          e.code() == ErrorCode.STORE_CORRUPT ? ExitCode.INTEGRITY : ExitCode.ERROR,
          "restore " + file,
          String.valueOf(e.getMessage()),
          e.code() == ErrorCode.STORE_CORRUPT
              ? "another copy"
              : "slipway backup restore-database --help");
    }
  }
}
