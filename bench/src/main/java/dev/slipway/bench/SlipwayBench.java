package dev.slipway.bench;

import dev.slipway.bench.micro.MicroCommand;
import dev.slipway.bench.suite.SuiteCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of the benchmark suite. */
@Command(
    name = "slipway-bench",
    mixinStandardHelpOptions = true,
    description = "Measures Slipway, its parts, and others beside it.",
    subcommands = {MicroCommand.class, LoadCommand.class, SuiteCommand.class})
public final class SlipwayBench {
  private SlipwayBench() {}

  /** Runs a subcommand; {@code --help} lists them. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SlipwayBench()).execute(args));
  }
}
