package dev.slipway.cli;

import dev.slipway.cli.command.CommandTree;

/** The command line's entry: runs one command and ends with its exit code. */
public final class SlipwayCli {
  private SlipwayCli() {}

  public static void main(String[] arguments) {
    System.exit(run(Environment.ofProcess(), arguments));
  }

  /**
   * Runs one command.
   *
   * @return the exit code
   */
  public static int run(Environment environment, String... arguments) {
    return CommandTree.of(environment, arguments).execute(arguments);
  }
}
