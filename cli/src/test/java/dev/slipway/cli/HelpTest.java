package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.command.CommandTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Help, its examples, and the scripts for shells. */
class HelpTest {
  @TempDir Path folder = Path.of("");

  static List<String> commands() {
    List<String> commands = new ArrayList<>();
    collect(tree(), "", commands);
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithExamples(String command) {
    Shell.Result result = new Shell(folder).run((command + " --help").strip().split(" ", -1));

    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Usage: slipway")
        .containsPattern("\nExamples:\n  .*slipway ");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesOfTheHelpAreAccepted(String command) {
    CommandLine line = tree();
    for (String word : command.isEmpty() ? new String[0] : command.split(" ", -1)) {
      line = Objects.requireNonNull(line.getSubcommands().get(word), word);
    }
    for (String footer : line.getCommandSpec().usageMessage().footer()) {
      for (List<String> arguments : invocations(footer)) {
        // Throws if an option or an argument is not as it is declared.
        assertThat(tree().parseArgs(arguments.toArray(String[]::new)).errors()).isEmpty();
      }
    }
  }

  @Test
  void versionOptionPrintsTheVersion() {
    assertThat(new Shell(folder).run("--version").out())
        .isEqualTo("slipway " + Version.number() + "\n");
  }

  @Test
  void bashAndZshScriptsAreValidBash() throws IOException, InterruptedException {
    for (String shell : List.of("bash", "zsh")) {
      Shell.Result result = new Shell(folder).run("completion", shell);
      Path script = Files.writeString(folder.resolve(shell), result.out());

      Process check = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();

      assertThat(check.waitFor()).isZero();
      assertThat(result.out()).contains("complete ", "register", "--dry-run");
    }
  }

  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("slipway.bash"), new Shell(folder).run("completion", "bash").out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                source slipway.bash
                COMP_WORDS=(slipway model re); COMP_CWORD=2; COMP_LINE="slipway model re"
                COMP_POINT=16; COMP_TYPE=9; _complete_slipway; echo "${COMPREPLY[@]}"
                """)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    String reply = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(bash.waitFor()).isZero();
    assertThat(reply.strip()).isEqualTo("register");
  }

  @Test
  void fishScriptNamesEveryCommandAndOption() {
    String script = new Shell(folder).run("completion", "fish").out();

    assertThat(script.lines()).allMatch(line -> line.startsWith("complete -c slipway -n '"));
    assertThat(script)
        .contains(
            "-n '__fish_use_subcommand' -f -a 'deploy' -d 'Makes a deployment serve",
            "-n '__fish_seen_subcommand_from model; and not __fish_seen_subcommand_from"
                + " register list get profile lineage' -f -a 'register'",
            "-n '__fish_seen_subcommand_from deploy' -l dry-run",
            "-s o -l output -r -f -a 'table wide json yaml jsonl name'");
  }

  /** The commands in an example, without what the shell adds to them. */
  private static List<List<String>> invocations(String example) {
    List<List<String>> found = new ArrayList<>();
    Matcher matcher = Pattern.compile("slipway ([^|<>)&]*)").matcher(example);
    String withoutInner = example.replaceAll("\\$\\(([^)]*)\\)", "fraud/1");
    for (String text : Stream.of(example, withoutInner).distinct().toList()) {
      if (text.strip().startsWith("source <(") || text.contains("$(")) {
        continue;
      }
      matcher.reset(text);
      while (matcher.find()) {
        if (matcher.start() > 0 && text.charAt(matcher.start() - 1) == ' ') {
          found.add(words(matcher.group(1)));
        }
      }
    }
    return found;
  }

  private static void collect(CommandLine line, String path, List<String> into) {
    into.add(path);
    for (Map.Entry<String, CommandLine> child : line.getSubcommands().entrySet()) {
      collect(child.getValue(), (path + " " + child.getKey()).strip(), into);
    }
  }

  private static CommandLine tree() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return CommandTree.of(
        new Environment(
            Map.of(),
            Path.of(""),
            Path.of(""),
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Set.of()));
  }

  /** As a shell splits them: what is between single quotes is one. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }
}
