package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command with the common options. */
abstract class SlipwayCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private CommonOptions common = new CommonOptions();

  SlipwayCommand(Environment environment) {
    this.environment = environment;
  }

  /**
   * Does the work.
   *
   * @throws dev.slipway.cli.CliFailure if it cannot be done
   */
  abstract ExitCode run(Invocation invocation);

  @Override
  public final Integer call() {
    try (Invocation invocation = new Invocation(environment, common)) {
      return run(invocation).number();
    }
  }
}
