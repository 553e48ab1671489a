package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Durations;
import dev.slipway.cli.Environment.Stream;
import dev.slipway.cli.ExitCode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** {@code --watch}: prints again whenever something changed, until it is interrupted. */
final class WatchOptions {
  @Option(
      names = {"-w", "--watch"},
      description = "print again at each change, until interrupted")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "how often --watch looks; ${DEFAULT-VALUE} unless given")
  private String interval = "2s";

  /**
   * Prints what {@code render} makes, once or again and again.
   *
   * @param render asks the server and makes the text
   */
  ExitCode print(Invocation invocation, Supplier<String> render) {
    PrintStream out = invocation.environment().out();
    Duration pause = pause();
    boolean redraw = watch && invocation.environment().isTerminal(Stream.OUT);
    String shown = null;
    do {
      String text = render.get();
      if (!text.equals(shown)) {
        out.print(redraw ? "\u001b[H\u001b[2J" + text : text);
        out.flush();
        shown = text;
      }
    } while (watch && !out.checkError() && sleep(pause));
    return ExitCode.OK;
  }

  boolean isOn() {
    return watch;
  }

  private Duration pause() {
    try {
      return Durations.parse(interval);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(
          ExitCode.USAGE, "watch", "--interval: " + e.getMessage(), "--interval 2s");
    }
  }

  private static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
