import dev.slipway.server.Slipway;
import dev.slipway.server.config.ServerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs many servers in one process, each whole, on a port and a data folder of its own: hundreds of
 * tests want a fresh one, and a virtual machine that is warm starts one in a fraction of a second.
 *
 * <p>Reads {@code start FOLDER PORT} and {@code stop PORT} and answers each with a line; port 0 is
 * any free one. Ends with its input.
 */
final class Servers {
  private Servers() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Slipway> running = new HashMap<>();
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split(" ");
      try {
        System.out.println(
            switch (words[0]) {
              case "start" -> {
                List<String> settings = List.of("--data=" + words[1], "--port=" + words[2]);
                Slipway slipway = Slipway.start(ServerConfig.read(settings, Map.of()));
                running.put(Integer.toString(slipway.port()), slipway);
                yield "started " + slipway.port();
              }
              case "stop" -> {
                running.remove(words[1]).close();
                yield "stopped " + words[1];
              }
              default -> "failed: '" + line + "' (expected: start or stop)";
            });
      } catch (RuntimeException e) {
        System.out.println("failed: " + e);
      }
    }
    running.values().forEach(Slipway::close);
  }
}
