package dev.slipway.bench.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, stopped with the measurement. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Duration startUp;

  private ServerProcess(Process process, Path log, Duration startUp) {
    this.process = process;
    this.log = log;
    this.startUp = startUp;
  }

  /**
   * Starts {@code command} and waits until {@code probe} is answered with 200.
   *
   * @throws IOException if it ends or does not answer in time; the message has the end of its log
   */
  public static ServerProcess start(
      List<String> command,
      Map<String, String> environment,
      Path folder,
      HttpRequest probe,
      Duration patience)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("slipway-bench-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.start();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (System.nanoTime() - start < patience.toNanos()) {
        if (!process.isAlive()) {
          throw new IOException(command.get(0) + " ended: " + tail(log));
        }
        if (answers(client, probe)) {
          return new ServerProcess(process, log, Duration.ofNanos(System.nanoTime() - start));
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
    stop(process);
    throw new IOException(
        "%s did not answer %s in %s: %s".formatted(command, probe.uri(), patience, tail(log)));
  }

  /** A probe that gets {@code uri}. */
  public static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
  }

  /** A probe that posts {@code body} to {@code uri}. */
  public static HttpRequest post(URI uri, byte[] body) {
    return HttpRequest.newBuilder(uri)
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private static boolean answers(HttpClient client, HttpRequest probe) throws InterruptedException {
    try {
      return client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** From the start of the process to its first answer. */
  public Duration startUp() {
    return startUp;
  }

  /** Resident memory of the process and its children, bytes; Linux only. */
  public long residentBytes() throws IOException {
    long kibibytes = residentKibibytes(process.pid());
    for (ProcessHandle child : process.descendants().toList()) {
      kibibytes += residentKibibytes(child.pid());
    }
    return kibibytes * 1024;
  }

  private static long residentKibibytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  /** What the process has printed. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  private static void stop(Process process) throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    try {
      stop(process);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
