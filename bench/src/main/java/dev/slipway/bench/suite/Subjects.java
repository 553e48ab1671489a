package dev.slipway.bench.suite;

import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts what is measured, each server in a process of its own.
 *
 * @param root the project's folder
 * @param scratch where data folders of the run are put
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

  /**
   * A fresh Slipway with nothing deployed.
   *
   * @param options further options of {@code slipway up}
   */
  SlipwayServer slipway(String... options) throws IOException, InterruptedException {
    HttpRequest ready = ServerProcess.get(URI.create(url("/v2/health/ready")));
    Path data = Files.createTempDirectory(scratch, "data");
    // A cache that is recorded in the background would take the cores from what is measured.
    ServerProcess process = up(data, AotCaches.OFF, ready, options);
    return new SlipwayServer(process, new ControlClient(SLIPWAY_PORT), root);
  }

  /** {@code slipway up} on a data folder; started once {@code probe} is answered. */
  ServerProcess up(Path data, Map<String, String> environment, HttpRequest probe, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(launcher());
    command.add("up");
    command.add("--port");
    command.add(Integer.toString(SLIPWAY_PORT));
    command.add("--data");
    command.add(data.toString());
    command.addAll(List.of(options));
    return ServerProcess.start(command, environment, root, probe, PATIENCE);
  }

  String launcher() {
    return root.resolve("slipway").toString();
  }

  static String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(SLIPWAY_PORT, path);
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
