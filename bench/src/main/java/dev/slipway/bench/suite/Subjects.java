package dev.slipway.bench.suite;

import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts what is measured, each server in a process of its own.
 *
 * @param root the project's folder
 * @param scratch where data folders and models of the run are put
 */
record Subjects(Path root, Path scratch) {
  static final int FLOOR_PORT = 18_080;
  static final int SLIPWAY_PORT = 18_081;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The floor, answering as many bytes as Slipway does. */
  ServerProcess floor(int restBytes, int grpcBytes) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.slipway.bench.floor.FloorServer");
    command.add(Integer.toString(FLOOR_PORT));
    command.add(Integer.toString(restBytes));
    command.add(Integer.toString(grpcBytes));
    return ServerProcess.start(
        command,
        Map.of(),
        root,
        ServerProcess.post(URI.create("http://127.0.0.1:" + FLOOR_PORT + "/"), new byte[] {1}),
        PATIENCE);
  }

  /** A fresh Slipway with nothing deployed. */
  ServerProcess slipway() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(scratch, "data");
    return ServerProcess.start(
        List.of(
            root.resolve("slipway").toString(),
            "up",
            "--port",
            Integer.toString(SLIPWAY_PORT),
            "--data",
            data.toString()),
        Map.of(),
        root,
        ServerProcess.get(
            URI.create("http://127.0.0.1:%d/v2/health/ready".formatted(SLIPWAY_PORT))),
        PATIENCE);
  }

  /** Registers {@code model} with that engine and deploys it under {@code name}. */
  void deploy(Path model, String name, String engine) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(scratch.resolve(name));
    Files.copy(model, folder.resolve(model.getFileName()));
    Files.writeString(folder.resolve("slipway-model.yaml"), "engine: " + engine + "\n");
    cli("model", "register", folder.toString(), "--name", name);
    cli("deploy", name + "/1", "--to", name);
  }

  private void cli(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("slipway").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("SLIPWAY_URL", "http://127.0.0.1:" + SLIPWAY_PORT);
    Path log = Files.createTempFile(scratch, "cli", ".log");
    Process process = builder.redirectOutput(log.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
    }
  }

  /** A peer of bench/peers, or an exception that says why it does not run here. */
  ServerProcess peer(Peer peer, Path model, byte[] probe) throws IOException, InterruptedException {
    return ServerProcess.start(
        List.of(root.resolve("bench/peers/run").toString(), peer.name()),
        Map.of("MODEL", model.toString(), "PORT", Integer.toString(peer.port())),
        root,
        ServerProcess.post(
            URI.create("http://127.0.0.1:%d%s".formatted(peer.port(), Peer.PATH)), probe),
        Duration.ofMinutes(5));
  }
}
