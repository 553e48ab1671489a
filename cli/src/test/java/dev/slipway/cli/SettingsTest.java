package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which value wins, and where it is said to come from. */
class SettingsTest {
  @TempDir Path folder = Path.of("");
  private Shell shell = new Shell(folder);

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(folder.resolve("work/below"));
    Files.createDirectories(folder.resolve("home/.config/slipway"));
    Files.createFile(folder.resolve(".git"));
    shell = new Shell(folder);
  }

  @Test
  void defaultsAreAllListed() {
    assertThat(shell.run("config", "list", "--show-origin").out())
        .isEqualTo(
            """
            SETTING  VALUE                  ORIGIN
            context  -                      default
            url      http://localhost:8080  default
            output   table                  default
            timeout  30s                    default
            up.host  127.0.0.1              default
            up.port  8080                   default
            up.data  ./.slipway             default
            up.demo  -                      default
            """);
  }

  @Test
  void eachPlaceWinsOverTheNext() throws IOException {
    Path user = folder.resolve("home/.config/slipway/config.yaml");
    Path project = folder.resolve("work/slipway.yaml");

    assertThat(url()).isEqualTo("http://localhost:8080 default");
    Files.writeString(user, "url: http://user:1\ncontexts: {prod: {url: 'http://context:2'}}\n");
    assertThat(url()).isEqualTo("http://user:1 " + user);
    assertThat(url("--context", "prod")).isEqualTo("http://context:2 context prod");
    shell.with("SLIPWAY_CONTEXT", "prod");
    assertThat(url()).isEqualTo("http://context:2 context prod");
    Files.writeString(project, "url: http://project:3\n");
    assertThat(url()).isEqualTo("http://project:3 " + project);
    shell.with("SLIPWAY_URL", "http://environment:4");
    assertThat(url()).isEqualTo("http://environment:4 SLIPWAY_URL");
    assertThat(url("--url", "http://flag:5")).isEqualTo("http://flag:5 --url");
  }

  @Test
  void projectFileIsFoundAboveUpToTheGitRoot() throws IOException {
    Path project = folder.resolve("slipway.yaml");
    Files.writeString(project, "url: http://above:1\n");

    assertThat(url()).isEqualTo("http://above:1 " + project);
    Files.createFile(folder.resolve("work/.git"));
    assertThat(url()).isEqualTo("http://localhost:8080 default");
  }

  @Test
  void projectFileMayChooseTheContext() throws IOException {
    Files.writeString(
        folder.resolve("home/.config/slipway/config.yaml"),
        "contexts: {prod: {url: 'http://context:2', timeout: 5m}}\n");
    Files.writeString(folder.resolve("work/slipway.yaml"), "context: prod\n");

    assertThat(url()).isEqualTo("http://context:2 context prod");
    assertThat(shell.run("config", "get", "timeout").out()).isEqualTo("5m\n");
  }

  @Test
  void nestedSettingsAreRead() throws IOException {
    Files.writeString(folder.resolve("work/slipway.yaml"), "up:\n  port: 9000\n");

    assertThat(shell.run("config", "get", "up.port").out()).isEqualTo("9000\n");
    assertThat(shell.with("SLIPWAY_PORT", "9001").run("config", "get", "up.port").out())
        .isEqualTo("9001\n");
  }

  @Test
  void emptyVariableCountsAsUnset() {
    shell.with("SLIPWAY_URL", "");

    assertThat(url()).isEqualTo("http://localhost:8080 default");
  }

  @Test
  void outputAndXdgHomeAreHonoured() throws IOException {
    Files.createDirectories(folder.resolve("xdg/slipway"));
    Files.writeString(folder.resolve("xdg/slipway/config.yaml"), "output: jsonl\n");
    shell.with("XDG_CONFIG_HOME", folder.resolve("xdg").toString());

    assertThat(shell.run("config", "get", "up.port").out())
        .isEqualTo("{\"key\":\"up.port\",\"value\":\"8080\",\"origin\":\"default\"}\n");
  }

  @Test
  void mistakesAreNamedWithTheirPlace() throws IOException {
    assertRefused("SLIPWAY_TIMEOUT: 'soon' (expected:", "SLIPWAY_TIMEOUT", "soon");
    assertRefused("SLIPWAY_PORT: '-1' (expected: 0 to 65535)", "SLIPWAY_PORT", "-1");
    assertRefused("context 'prod' of SLIPWAY_CONTEXT is not in", "SLIPWAY_CONTEXT", "prod");
    Path project = folder.resolve("work/slipway.yaml");
    Files.writeString(project, "ulr: http://x\n");
    assertRefused(project + ": ulr: not a setting (expected: context, url,", "X", "");
    Files.writeString(project, "output: xml\n");
    assertRefused(project + ": output: 'xml' (expected: table,", "X", "");
    Files.writeString(project, "url: [\n");
    assertRefused(project + ": not readable as YAML", "X", "");
  }

  @Test
  void unknownSettingIsNotFound() {
    Shell.Result result = shell.run("config", "get", "ulr");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("'ulr' (expected: one of context, url,");
  }

  private void assertRefused(String why, String variable, String value) {
    Shell fresh = new Shell(folder).with(variable, value);
    Shell.Result result = fresh.run("config", "list");
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(why);
  }

  private String url(String... flags) {
    String[] arguments = new String[flags.length + 5];
    System.arraycopy(new String[] {"config", "get", "url", "-o", "jsonl"}, 0, arguments, 0, 5);
    System.arraycopy(flags, 0, arguments, 5, flags.length);
    Shell.Result result = shell.run(arguments);
    assertThat(result.exit()).as(result.err()).isZero();
    return result
        .out()
        .replaceAll(".*\"value\":\"([^\"]*)\",\"origin\":\"([^\"]*)\".*\\n", "$1 $2");
  }
}
