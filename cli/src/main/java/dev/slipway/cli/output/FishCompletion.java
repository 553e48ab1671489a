package dev.slipway.cli.output;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the completion script of the fish shell from the commands as they are declared. */
public final class FishCompletion {
  private FishCompletion() {}

  /** The script for the program that {@code root} describes. */
  public static String script(CommandSpec root) {
    StringBuilder text = new StringBuilder();
    append(text, root.name(), root, List.of());
    return text.toString();
  }

  private static void append(
      StringBuilder text, String program, CommandSpec command, List<String> path) {
    List<String> children = new ArrayList<>(command.subcommands().keySet());
    String here = condition(path, children);
    for (CommandLine child : command.subcommands().values()) {
      CommandSpec spec = child.getCommandSpec();
      String[] description = spec.usageMessage().description();
      line(
          text,
          program,
          here,
          "-f -a " + quote(spec.name()),
          description.length == 0 ? "" : description[0]);
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
          names.append(
              name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1));
        }
        if (option.arity().max() > 0) {
          names.append(" -r");
        }
        if (option.completionCandidates() != null) {
          names.append(" -f -a ").append(quote(String.join(" ", option.completionCandidates())));
        }
        line(
            text,
            program,
            here,
            names.toString().strip(),
            option.description().length == 0
                ? ""
                : option.description()[0].replaceAll("\\$\\{[^}]*}", "value"));
      }
    }
    for (CommandLine child : command.subcommands().values()) {
      List<String> childPath = new ArrayList<>(path);
      childPath.add(child.getCommandName());
      append(text, program, child.getCommandSpec(), childPath);
    }
  }

  private static String condition(List<String> path, List<String> children) {
    StringBuilder condition = new StringBuilder();
    if (path.isEmpty()) {
      return "__fish_use_subcommand";
    }
    for (String word : path) {
      condition
          .append(condition.isEmpty() ? "" : "; and ")
          .append("__fish_seen_subcommand_from ")
          .append(word);
    }
    if (!children.isEmpty()) {
      condition.append("; and not __fish_seen_subcommand_from ").append(String.join(" ", children));
    }
    return condition.toString();
  }

  private static void line(
      StringBuilder text, String program, String condition, String what, String description) {
    text.append("complete -c %s -n %s %s".formatted(program, quote(condition), what));
    if (!description.isEmpty()) {
      text.append(" -d ").append(quote(description));
    }
    text.append('\n');
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
