package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher itself, in a clone of its own: the real script and the real command line, packed as
 * the build packs them, beside a small server that tells its arguments and how it ended.
 */
@Timeout(120)
class LauncherTest {
  private static final String SERVER =
      """
      package dev.slipway.server;

      import java.util.Arrays;

      public class SlipwayMain {
        public static void main(String[] arguments) throws InterruptedException {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("drained")));
          System.out.println(Arrays.toString(arguments));
          Thread.sleep(60_000);
        }
      }
      """;

  @TempDir Path folder = Path.of("");
  private Path clone = folder;

  @BeforeEach
  void cloneTheScripts() throws IOException {
    Path root = Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
    assumeThat(root.resolve("slipway")).as("the launcher beside the modules").exists();
    assumeThat(FileSystems.getDefault().getSeparator()).as("a system with bash").isEqualTo("/");
    clone = Files.createDirectories(folder.resolve("a clone"));
    for (String file : List.of("slipway", "build/find-jdk", "pom.xml", "cli/pom.xml")) {
      Path copy = clone.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(root.resolve(file), copy);
    }
  }

  @Test
  void machineWithoutAJdkGetsOneLine() throws IOException, InterruptedException {
    // The usual places, moved to where nothing is.
    Path find = clone.resolve("build/find-jdk");
    String script = Files.readString(find);
    Files.writeString(find, script.replaceAll("(?<= )/(usr|opt|Library)/", folder + "/none/"));

    Result result = run(Map.of("JAVA_HOME", "", "SLIPWAY_JAVA_HOME", ""), "up");

    assertThat(result.exit).isEqualTo(1);
    assertThat(result.output.lines()).singleElement().asString().startsWith("slipway: no JDK 25");
  }

  @Test
  void machineWithoutMavenGetsOneLine() throws IOException, InterruptedException {
    Result result = run(Map.of(), "model", "list");

    assertThat(result.exit).isEqualTo(1);
    assertThat(result.output.lines())
        .singleElement()
        .asString()
        .startsWith("slipway: Maven not found");
  }

  @Test
  void failedBuildShowsItsErrorsAndKeepsTheLog() throws IOException, InterruptedException {
    maven("echo '[INFO] much'; echo '[ERROR] Foo.java:[3,4] no such thing'; exit 1");

    Result result = run(Map.of(), "model", "list");

    assertThat(result.exit).isEqualTo(1);
    assertThat(result.output)
        .contains("slipway: building once", "[ERROR] Foo.java:[3,4] no such thing")
        .doesNotContain("[INFO] much");
    assertThat(clone.resolve("target/launcher/build.log")).content().contains("[INFO] much");
    assertThat(clone.resolve("target/launcher/lock")).doesNotExist();
  }

  @Test
  void buildsWhatIsMissingOnceAndAgainWhenSourcesChange() throws IOException, InterruptedException {
    Path spare = Files.createDirectories(folder.resolve("spare"));
    packCommandLine(spare.resolve("cli.jar"));
    packServer(spare.resolve("server.jar"));
    maven(
        """
        echo built >> "%1$s/builds"
        mkdir -p cli/target server/target/lib
        cp "%1$s/cli.jar" cli/target/slipway-cli-%2$s.jar
        cp "%1$s/server.jar" server/target/slipway-server-%2$s.jar
        """
            .formatted(spare, Version.number()));

    Result first = run(Map.of(), "version", "-o", "name");
    Result second = run(Map.of(), "version", "-o", "name");
    Path source = Files.createDirectories(clone.resolve("cli/src/main/java"));
    Files.writeString(source.resolve("New.java"), "class New {}");
    Result third = run(Map.of(), "version", "-o", "name");

    assertThat(first.output).contains("building once").endsWith(Version.number() + "\n");
    assertThat(second.output).isEqualTo(Version.number() + "\n");
    assertThat(third.output).contains("building once").endsWith(Version.number() + "\n");
    assertThat(spare.resolve("builds")).hasContent("built\nbuilt\n");
  }

  @Test
  void helpWorksThroughASymbolicLinkFromAnyFolder() throws IOException, InterruptedException {
    pack();
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("direct"), clone.resolve("slipway"));
    Files.createSymbolicLink(bin.resolve("slipway"), Path.of("direct"));

    Result result = run(bin.resolve("slipway"), bin, Map.of(), "up", "--help");

    assertThat(result.exit).as(result.output).isZero();
    assertThat(result.output).startsWith("Usage: slipway up").contains("--demo=NAME");
  }

  @Test
  void exitCodeAndStdoutAreTheCommandLines() throws IOException, InterruptedException {
    pack();

    assertThat(run(Map.of(), "config", "get", "ulr").exit).isEqualTo(3);
    assertThat(run(Map.of(), "up", "--port", "x").exit).isEqualTo(2);
    assertThat(run(Map.of("SLIPWAY_PORT", "9000"), "config", "get", "up.port"))
        .isEqualTo(new Result(0, "9000\n"));
  }

  @Test
  void upHandsCheckedArgumentsToTheServerAndSigtermReachesIt()
      throws IOException, InterruptedException {
    pack();
    Path output = folder.resolve("output");
    Process up =
        process(clone.resolve("slipway"), folder, Map.of("SLIPWAY_PORT", "9000"))
            .command(
                "bash",
                clone.resolve("slipway").toString(),
                "up",
                "--demo",
                "fraud",
                "--data",
                "my data",
                "--set",
                "worker-threads=2")
            .redirectOutput(output.toFile())
            .start();
    try {
      await(() -> read(output).contains("]"));
      assertThat(read(output))
          .isEqualTo(
              "[--host=127.0.0.1, --port=9000, --data=my data, --demo=fraud,"
                  + " --worker-threads=2]\n");

      up.destroy(); // SIGTERM to the launcher's process, which has become the server.

      assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(up.exitValue()).isEqualTo(128 + 15);
      assertThat(read(output)).endsWith("drained\n");
    } finally {
      up.destroyForcibly();
    }
  }

  @Test
  void interruptEndsAWatchWith130() throws IOException, InterruptedException {
    assumeFalse(ignoresInterrupt(), "started with SIGINT ignored, which children inherit");
    pack();
    try (ControlApiServer server = new ControlApiServer()) {
      Process watch =
          process(clone.resolve("slipway"), folder, Map.of("SLIPWAY_URL", server.url()))
              .command("bash", clone.resolve("slipway").toString(), "model", "list", "--watch")
              .start();
      try {
        await(() -> !server.requests().isEmpty());
        new ProcessBuilder("kill", "-INT", Long.toString(watch.pid())).start().waitFor();

        assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(130);
      } finally {
        watch.destroyForcibly();
      }
    }
  }

  @Test
  void recordsACacheOnceAndRunsWithIt() throws IOException, InterruptedException {
    pack();
    Path work = clone.resolve("target/launcher");

    Result without = run(Map.of("SLIPWAY_AOT", ""), "config", "list", "-o", "yaml");
    await(() -> names(work).stream().anyMatch(name -> name.matches("cli-.*\\.(aot|failed)")));
    await(() -> names(work).stream().noneMatch(name -> name.endsWith(".lock")));
    Result with = run(Map.of("SLIPWAY_AOT", ""), "config", "list", "-o", "yaml");

    assertThat(names(work))
        .filteredOn(name -> name.startsWith("cli-") && !name.endsWith(".log"))
        .as(() -> read(work.resolve(logs(work).getFirst())))
        .singleElement()
        .asString()
        .endsWith(".aot");
    assertThat(without.exit).isZero();
    assertThat(with).isEqualTo(without);
  }

  /** Whether this process ignores SIGINT, as those do that a script starts in the background. */
  private static boolean ignoresInterrupt() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }

  private record Result(int exit, String output) {}

  private Result run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    return run(clone.resolve("slipway"), folder, variables, arguments);
  }

  private Result run(Path script, Path work, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(arguments));
    Process process = process(script, work, variables).command(command).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /** A process whose PATH holds the common tools, but neither Java nor Maven of this machine. */
  private ProcessBuilder process(Path script, Path work, Map<String, String> variables)
      throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool :
        List.of(
            "bash",
            "cat",
            "cp",
            "dirname",
            "basename",
            "find",
            "grep",
            "head",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "renice",
            "rm",
            "rmdir",
            "sed",
            "seq",
            "sleep",
            "tail",
            "touch",
            "tr")) {
      for (String place : List.of("/usr/bin/", "/bin/")) {
        if (Files.exists(Path.of(place + tool)) && !Files.exists(tools.resolve(tool))) {
          script(tools.resolve(tool), "exec " + place + tool + " \"$@\"\n");
        }
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(work.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("SLIPWAY_AOT", "off");
    builder.environment().put("SLIPWAY_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(variables);
    return builder;
  }

  private void maven(String script) throws IOException {
    script(Files.createDirectories(folder.resolve("tools")).resolve("mvn"), script);
  }

  private static void script(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void pack() throws IOException {
    Path lib = Files.createDirectories(clone.resolve("server/target/lib"));
    assertThat(lib).isDirectory();
    packServer(clone.resolve("server/target/slipway-server-" + Version.number() + ".jar"));
    Files.createDirectories(clone.resolve("cli/target"));
    packCommandLine(clone.resolve("cli/target/slipway-cli-" + Version.number() + ".jar"));
  }

  private void packServer(Path jar) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("server-classes"));
    Path source = Files.writeString(classes.resolve("SlipwayMain.java"), SERVER);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(status).isZero();
    pack(jar, classes, "");
  }

  private static void packCommandLine(Path jar) throws IOException {
    // Jars only: a class path with a folder makes no cache.
    List<String> libraries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path library = Path.of(entry);
      if (Files.isDirectory(library) && !entry.endsWith("test-classes")) {
        Path packed =
            Files.createDirectories(jar.resolveSibling("lib")).resolve(libraries.size() + ".jar");
        pack(packed, library, "");
        library = packed;
      }
      libraries.add(library.toUri().toString());
    }
    libraries.removeIf(library -> library.endsWith("/"));
    pack(jar, Path.of("target/classes"), String.join(" ", libraries));
  }

  private static void pack(Path jar, Path classes, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, packed);
        packed.closeEntry();
      }
    }
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> logs(Path folder) {
    return names(folder).stream().filter(name -> name.endsWith(".log")).toList();
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for more than 60 s").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
