package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.output.FishCompletion;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints the script that lets a shell complete commands and options.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(slipway completion bash)",
      "  slipway completion zsh > ~/.slipway-completion && source ~/.slipway-completion",
      "  slipway completion fish > ~/.config/fish/completions/slipway.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells there are scripts for. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Environment environment;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.BASH;

  @Spec private @Nullable CommandSpec spec;

  CompletionCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("run without a command line");
    }
    CommandSpec root = spec.root();
    environment
        .out()
        .print(
            switch (shell) {
              // The script turns zsh's emulation of bash completion on by itself.
              case BASH, ZSH -> AutoComplete.bash(root.name(), root.commandLine());
              case FISH -> FishCompletion.script(root);
            });
    environment.out().flush();
    return ExitCode.OK.number();
  }
}
