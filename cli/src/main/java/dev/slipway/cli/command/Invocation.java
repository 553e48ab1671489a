package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.Environment.Stream;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.client.ServerClient;
import dev.slipway.cli.client.ServerToken;
import dev.slipway.cli.config.SettingKey;
import dev.slipway.cli.config.Settings;
import dev.slipway.cli.output.OutputFormat;
import dev.slipway.cli.output.Printer;
import dev.slipway.cli.output.Progress;
import dev.slipway.cli.output.Style;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run of a command: its settings, its server, and where its output goes. */
final class Invocation implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Environment environment;
  private final Settings settings;
  private final Printer printer;
  private final Progress progress;
  private @Nullable ServerClient client;

  Invocation(Environment environment, CommonOptions options) {
    this.environment = environment;
    this.settings = Settings.resolve(environment, options.flags());
    this.printer =
        new Printer(
            environment.out(),
            OutputFormat.valueOf(settings.value(SettingKey.OUTPUT).toUpperCase(Locale.ROOT)),
            Style.coloured(environment.isColoured(Stream.OUT)));
    this.progress =
        new Progress(
            environment.err(),
            environment.isTerminal(Stream.ERR),
            options.quiet(),
            System::nanoTime);
  }

  Environment environment() {
    return environment;
  }

  Settings settings() {
    return settings;
  }

  Printer printer() {
    return printer;
  }

  Progress progress() {
    return progress;
  }

  /** Made at the first use, so that a command without one does not pay for it. */
  ServerClient client() {
    if (client == null) {
      client =
          new ServerClient(
              settings.url(), ServerToken.find(environment, settings.url()).orElse(""));
    }
    return client;
  }

  /**
   * @param what the action, to be read after "could not"
   * @param next the command that helps when the server refuses
   */
  Ask ask(String what, String next) {
    return ask(what, next, TIMEOUT);
  }

  /**
   * @param timeout how long such an action may take unless the user says otherwise
   */
  Ask ask(String what, String next, Duration timeout) {
    return new Ask(what, next, settings.timeout(timeout));
  }

  @Override
  public void close() {
    progress.end();
    if (client != null) {
      client.close();
    }
  }
}
