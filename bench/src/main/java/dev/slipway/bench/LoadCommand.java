package dev.slipway.bench;

import dev.slipway.bench.load.LoadPlan;
import dev.slipway.bench.load.LoadRun;
import dev.slipway.bench.load.LoadTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One load run against a server that already serves. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Sends prepared bodies, one per line of a file, and prints percentiles.",
    footer = {
      "",
      "Example:",
      "  load --port 8080 --path /v2/models/fraud/infer --bodies bodies.jsonl --rate 10000"
    })
final class LoadCommand implements Callable<Integer> {
  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Host (${DEFAULT-VALUE}).")
  private String host = "";

  @Option(names = "--port", defaultValue = "8080", description = "Port (${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--path", required = true, description = "Path to post to.")
  private String path = "";

  @Option(names = "--bodies", required = true, description = "File of JSON bodies, one per line.")
  private Path bodies = Path.of("");

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Requests per second, Poisson; 0 sends the next when the last is answered.")
  private double rate;

  @Option(names = "--connections", defaultValue = "64", description = "(${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--pace",
      defaultValue = "SPIN",
      description = "SPIN keeps to the rate exactly, NAP leaves the cores to the server.")
  private LoadPlan.Pace pace = LoadPlan.Pace.SPIN;

  @Option(names = "--warm-up", defaultValue = "PT5S", description = "(${DEFAULT-VALUE})")
  private Duration warmUp = Duration.ZERO;

  @Option(names = "--duration", defaultValue = "PT10S", description = "(${DEFAULT-VALUE})")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File of the token to send; none unless given.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() throws IOException {
    List<String> lines = Files.readAllLines(bodies);
    byte[][] contents =
        lines.stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    String headers =
        tokenFile == null
            ? ""
            : "Authorization: Bearer %s\r\n".formatted(Files.readString(tokenFile).strip());
    LoadPlan plan = new LoadPlan(host, port, rate, connections, 1, warmUp, duration, 42, pace);
    System.out.println(LoadRun.run(plan, LoadTarget.Rest.post(path, headers, contents)).summary());
    return 0;
  }
}
