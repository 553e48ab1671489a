package dev.slipway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Everything the command line takes from the process it runs in, so that it can be run inside a
 * test as it runs in a shell.
 *
 * @param variables the environment variables
 * @param folder the working folder
 * @param home the user's home folder
 * @param terminals which of the standard streams are terminals
 */
public record Environment(
    Map<String, String> variables,
    Path folder,
    Path home,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Set<Stream> terminals) {
  /** One of the three standard streams. */
  public enum Stream {
    IN,
    OUT,
    ERR
  }

  public Environment {
    variables = Map.copyOf(variables);
    terminals = Set.copyOf(terminals);
  }

  /**
   * The process's own. The launcher names the streams that are terminals in the system property
   * {@code slipway.terminals}, such as {@code OUT,ERR}, since Java tells only whether both input
   * and output are.
   */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        Path.of(""),
        Path.of(System.getProperty("user.home", "")),
        System.in,
        standardStream(FileDescriptor.out),
        standardStream(FileDescriptor.err),
        terminalsOfProcess());
  }

  public boolean isTerminal(Stream stream) {
    return terminals.contains(stream);
  }

  /** The variable's value; empty if it is not set. */
  public String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /**
   * Whether text on this stream may carry ANSI escapes: {@code NO_COLOR} forbids, {@code
   * CLICOLOR_FORCE} demands, else terminals get them.
   */
  public boolean isColoured(Stream stream) {
    if (!variable("NO_COLOR").isEmpty()) {
      return false;
    }
    String force = variable("CLICOLOR_FORCE");
    if (!force.isEmpty() && !force.equals("0")) {
      return true;
    }
    return isTerminal(stream) && !variable("TERM").equals("dumb");
  }

  private static PrintStream standardStream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static Set<Stream> terminalsOfProcess() {
    String told = System.getProperty("slipway.terminals", "");
    EnumSet<Stream> terminals = EnumSet.noneOf(Stream.class);
    for (String name : told.split(",", -1)) {
      if (!name.isEmpty()) {
        terminals.add(Stream.valueOf(name));
      }
    }
    return terminals;
  }
}
