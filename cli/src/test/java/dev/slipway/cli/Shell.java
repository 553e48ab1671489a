package dev.slipway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Runs commands in a folder and with an environment of the test's own. */
final class Shell {
  /** What a command left behind. */
  record Result(int exit, String out, String err) {}

  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();
  private final Set<Environment.Stream> terminals = EnumSet.noneOf(Environment.Stream.class);
  private String input = "";

  /**
   * @param folder holds the working folder {@code work} and the home {@code home}
   */
  Shell(Path folder) {
    this.folder = folder;
  }

  Path work() {
    return folder.resolve("work");
  }

  Path home() {
    return folder.resolve("home");
  }

  Shell with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Shell onTerminal(Environment.Stream... streams) {
    terminals.addAll(Set.of(streams));
    return this;
  }

  Shell typing(String text) {
    input = text;
    return this;
  }

  Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment =
        new Environment(
            variables,
            work(),
            home(),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminals);
    int exit = SlipwayCli.run(environment, arguments);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
