package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.output.JsonText;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {
      "Takes a backup of the server while it runs: database, artifacts, audit log and its key.",
      "It stays in the server's data folder; --to fetches it."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway backup create", "  slipway backup create --to tonight.zip"})
final class BackupCreateCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofHours(1);

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "fetch it into this file, which only you can read")
  private @Nullable Path output;

  BackupCreateCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask = invocation.ask("take a backup", "slipway doctor", TIMEOUT);
    JsonNode backup =
        Waiting.during(
                invocation.progress(),
                "taking a backup",
                () -> invocation.client().post(ask, BackupListCommand.PATH))
            .body();
    if (output != null) {
      invocation
          .client()
          .download(
              ask,
              BackupListCommand.PATH + "/" + ServerClient.encode(JsonText.of(backup, "name")),
              output);
    }
    invocation.printer().one(BackupListCommand.BACKUP, backup);
    if (!backup.path("has_database").asBoolean()) {
      invocation.progress().note("the database is PostgreSQL: pg_dump takes it, before this");
    }
    if (!backup.path("has_artifacts").asBoolean(true)) {
      invocation
          .progress()
          .note("the models' artifacts are in S3 and not in the backup: the bucket keeps them");
    }
    return ExitCode.OK;
  }
}
