package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.artifact.ModelFiles;
import dev.slipway.cli.artifact.Upload;
import dev.slipway.cli.client.Answer;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "register",
    description = {
      "Registers a model as a new version, frozen and named by its digest.",
      "PATH is a model file, or a folder with one. A slipway-model.yaml beside the file or in the"
          + " folder adds names, ranges, an example and settings. Hidden files of a folder are left"
          + " out. The same bytes and settings again are answered with the version that is there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway model register fraud.onnx --name fraud",
      "  slipway model register ./export/ --name fraud --dry-run",
      "  slipway deploy $(slipway model register fraud.ubj --name fraud -o name) --to fraud"
    })
final class ModelRegisterCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Parameters(paramLabel = "PATH", description = "the model's file or folder")
  private String path = "";

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "the model's name")
  private String name = "";

  @Option(names = "--dry-run", description = "check everything and keep nothing")
  private boolean dryRun;

  ModelRegisterCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Path file = invocation.environment().folder().resolve(path);
    ModelFiles files = ModelFiles.at(file);
    long total = files.sizeBytes();
    Upload upload =
        Upload.of(files, done -> invocation.progress().bytes("uploading " + path, done, total));
    Answer answer =
        invocation
            .client()
            .post(
                invocation.ask(
                    "register %s as %s".formatted(path, name),
                    "slipway model register --help",
                    TIMEOUT),
                "%s/versions?dry_run=%s%s"
                    .formatted(ModelVersion.path(name), dryRun, upload.query()),
                upload.body(),
                upload.contentType());
    invocation.progress().end();
    invocation.printer().one(Kinds.REGISTRATION, answer.body());
    if (dryRun) {
      invocation.progress().note("dry run: nothing was kept");
    } else {
      String ref = Kinds.ref(answer.body());
      invocation.progress().note("next: slipway deploy %s --to %s".formatted(ref, name));
    }
    return ExitCode.OK;
  }
}
