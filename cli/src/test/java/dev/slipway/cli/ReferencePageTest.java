package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slipway.cli.config.SettingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps {@code docs/reference/cli.md} equal to what the commands say of themselves. With {@code
 * -Dcli.reference.write=true} the page is written instead of compared:
 *
 * <pre>mvn -pl core,store,cli test -Dtest=ReferencePageTest -Dcli.reference.write=true</pre>
 */
class ReferencePageTest {
  @TempDir Path folder = Path.of("");

  @Test
  void pageIsUpToDate() throws IOException {
    Path page = Path.of(System.getProperty("slipway.root", ".."), "docs/reference/cli.md");
    assumeThat(page.getParent()).as("the docs folder beside the modules").isDirectory();

    if (Boolean.getBoolean("cli.reference.write")) {
      Files.writeString(page, page());
    }

    assertThat(page)
        .as(
            "written by: mvn -pl core,store,cli test -Dtest=ReferencePageTest"
                + " -Dcli.reference.write=true")
        .hasContent(page());
  }

  private String page() {
    StringBuilder text =
        new StringBuilder(
            """
            # Command line

            Written from the commands themselves by `ReferencePageTest`; a change of a command makes that test fail
            until the page is written again.

            Data goes to stdout, progress and remarks to stderr. Off a terminal nothing is coloured; `NO_COLOR`
            forbids colour everywhere and `CLICOLOR_FORCE=1` demands it.

            ## Exit codes

            | code | meaning |
            |---|---|
            | 0 | done |
            | 1 | error |
            | 2 | wrong usage, or settings that are not valid |
            | 3 | not found |
            | 4 | identity: not known, or not allowed |
            | 5 | refused by a gate or a policy |
            | 6 | degraded: a check failed, or a version cannot be served |
            | 7 | integrity: stored data is damaged |
            | 8 | timeout |
            | 130 | interrupted |

            ## Settings

            The first place that has a value wins: a flag, the variable, the nearest `slipway.yaml` in the working
            folder or above it, the context, `~/.config/slipway/config.yaml`, the default. `slipway config list
            --show-origin` shows which one it was.

            | setting | variable | default | meaning |
            |---|---|---|---|
            """);
    for (SettingKey key : SettingKey.values()) {
      text.append(
          "| `%s` | `%s` | %s | %s |%n"
              .formatted(
                  key.key(),
                  key.variable(),
                  key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`",
                  key.description()));
    }
    text.append(
        """

        A context is a named server in the user configuration:

        ```yaml
        context: staging
        contexts:
          staging:
            url: https://slipway.staging.example
            timeout: 1m
        ```

        The launcher reads `SLIPWAY_JAVA_HOME` (the JDK 25 to use), `SLIPWAY_JAVA_OPTS` (further options of the
        server's virtual machine) and `SLIPWAY_AOT=off` (no ahead-of-time caches). `SLIPWAY_DEBUG=1` prints the
        stack trace of an unexpected error.

        """);
    List<String> commands = new ArrayList<>(HelpTest.commands());
    for (String command : commands) {
      List<String> arguments = new ArrayList<>();
      if (!command.isEmpty()) {
        arguments.addAll(List.of(command.split(" ", -1)));
      }
      arguments.add("--help");
      text.append("## `%s`%n%n```%n".formatted(("slipway " + command).strip()));
      text.append(new Shell(folder).run(arguments.toArray(String[]::new)).out());
      text.append("```\n\n");
    }
    return text.toString().stripTrailing() + "\n";
  }
}
