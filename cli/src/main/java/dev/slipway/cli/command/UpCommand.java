package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Checks the options of {@code up} and hands them to the launcher, which starts the server in this
 * process's place. The launcher names the file for them in {@code SLIPWAY_LAUNCH_FILE}; in it the
 * options of the virtual machine begin with {@code -X}, those of the server with {@code --}.
 */
@Command(
    name = "up",
    description = {
      "Starts the server here and keeps it in the foreground; Ctrl-C drains and stops it.",
      "The state is kept in the data folder, and is there again at the next start. Options of the"
          + " virtual machine can be given in SLIPWAY_JAVA_OPTS."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway up --demo fraud",
      "  slipway up --port 9000 --data /var/lib/slipway",
      "  slipway up --set limits.concurrent-requests-max=500 --set worker-threads=2",
      "  slipway up --host 0.0.0.0 --insecure"
    })
final class UpCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private UpOptions options = new UpOptions();

  UpCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<String> arguments =
        options.serverArguments(Settings.resolve(environment, options.flags()));
    for (String argument : arguments) {
      if (argument.indexOf('\n') >= 0) {
        throw new CliFailure(
            ExitCode.USAGE,
            "start the server",
            argument + ": holds a line feed",
            "slipway up --help");
      }
    }
    String launchFile = environment.variable("SLIPWAY_LAUNCH_FILE");
    if (launchFile.isEmpty()) {
      throw new CliFailure(
          ExitCode.ERROR,
          "start the server",
          "only the launcher can start it, since the server is another program",
          "./slipway up");
    }
    List<String> lines =
        new ArrayList<>(
            ServerMachine.options(
                Runtime.getRuntime().availableProcessors(),
                environment.variable("SLIPWAY_JAVA_OPTS")));
    lines.addAll(arguments);
    try {
      Files.write(Path.of(launchFile), lines);
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR, "start the server", launchFile + ": " + e.getMessage(), "./slipway up");
    }
    return ExitCode.OK.number();
  }
}
