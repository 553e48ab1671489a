package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot start says why in one line, and changes nothing. */
@Timeout(60)
class StartUpTest {
  @TempDir Path folder;

  private record Ended(int exitCode, String output) {}

  @Test
  void aTakenPortIsOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path data = folder.resolve("data");
      Ended ended = run("--port=" + taken.getLocalPort(), "--data=" + data);
      assertOneLine(ended, "port: " + taken.getLocalPort());
      assertThat(data).doesNotExist();
    }
  }

  @Test
  void aDataFolderOfANewerVersionIsOneLineAndUnchanged() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("VERSION"), "9999\n");
    Ended ended = run("--port=" + ServerUnderTest.freePort(), "--data=" + data);
    assertOneLine(ended, "9999");
    assertThat(Files.readString(data.resolve("VERSION"))).isEqualTo("9999\n");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).containsExactly(data.resolve("VERSION"));
    }
  }

  @Test
  void anUnwritableFolderIsOneLine() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Ended ended =
        run("--port=" + ServerUnderTest.freePort(), "--data=" + file.resolve("below-a-file"));
    assertOneLine(ended, "below-a-file");
  }

  @Test
  void aReadOnlyFolderIsOneLine() throws Exception {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
    Path data = Files.createDirectory(folder.resolve("read-only"));
    assertThat(data.toFile().setWritable(false)).isTrue();
    Ended ended = run("--port=" + ServerUnderTest.freePort(), "--data=" + data);
    assertOneLine(ended, "read-only");
  }

  @Test
  void aFolderInUseIsOneLine() throws Exception {
    Path data = folder.resolve("data");
    try (ServerUnderTest server = ServerUnderTest.start(data, ServerUnderTest.freePort())) {
      Ended ended = run("--port=" + ServerUnderTest.freePort(), "--data=" + data);
      assertOneLine(ended, Long.toString(server.pid()));
    }
  }

  @Test
  void elsewhereThanOnTheLoopbackWithoutTlsIsRefusedAndChangesNothing() throws Exception {
    Path data = folder.resolve("data");
    for (String host : List.of("0.0.0.0", "::", "203.0.113.9")) {
      Ended ended = run("--host=" + host, "--port=" + ServerUnderTest.freePort(), "--data=" + data);
      assertOneLine(ended, "host: " + host);
      assertThat(ended.output()).contains("--insecure");
      assertThat(data).doesNotExist();
    }
  }

  @Test
  void insecureWaivesTheEncryptionAndNotTheToken() throws Exception {
    Path data = folder.resolve("data");
    int port = ServerUnderTest.freePort();
    try (ServerUnderTest server =
        ServerUnderTest.start(
            data, port, "--host=0.0.0.0", "--insecure=true", "--local-caller=false")) {
      assertThat(server.get("/v2/models/x").statusCode()).isEqualTo(401);
      assertThat(
              server
                  .send(
                      server
                          .request("/api/v1/whoami")
                          .header(
                              "Authorization",
                              "Bearer " + Files.readString(data.resolve("admin.token")).strip())
                          .build())
                  .body())
          .contains("local-admin");
    }
  }

  @Test
  void anUnknownSettingIsOneLine() throws Exception {
    Ended ended = run("--prot=8080");
    assertOneLine(ended, "--prot");
  }

  private static void assertOneLine(Ended ended, String mention) {
    assertThat(ended.exitCode()).isNotZero();
    assertThat(ended.output().strip().lines()).as(ended.output()).hasSize(1);
    assertThat(ended.output()).contains(mention);
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.slipway.server.SlipwayMain"),
                Stream.of(arguments))
            .toList();
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // Nothing is left in the home folder of whoever runs the tests.
    builder.environment().put("XDG_CONFIG_HOME", log.resolveSibling("config").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the process ends by itself").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}
