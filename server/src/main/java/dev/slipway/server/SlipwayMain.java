package dev.slipway.server;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.store.client.KnownServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs the server as a process, until SIGTERM or Ctrl-C. */
public final class SlipwayMain {
  private SlipwayMain() {}

  /**
   * @param arguments each {@code --setting=value}; docs/reference/configuration.md lists them
   */
  public static void main(String[] arguments) throws InterruptedException {
    long startNanos = System.nanoTime();
    ServerConfig config;
    Slipway slipway;
    try {
      config = ServerConfig.read(List.of(arguments), System.getenv());
      slipway = Slipway.start(config);
    } catch (SlipwayException e) {
      System.err.println("slipway: " + e.getMessage());
      System.exit(1);
      return;
    }
    KnownServers known =
        KnownServers.ofUser(System.getenv(), Path.of(System.getProperty("user.home", "")));
    String url = Banner.url(config, slipway.port());
    remember(() -> known.add(url, slipway.tokenFile()), known);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  slipway.close();
                  remember(() -> known.remove(url, slipway.tokenFile()), known);
                  stopped.countDown();
                },
                "slipway-stop"));
    System.out.print(Banner.text(config, slipway, System.nanoTime() - startNanos));
    System.out.flush();
    stopped.await();
  }

  private interface Remembering {
    void run() throws IOException;
  }

  /** The server works without; only the command line then has to be given a token. */
  private static void remember(Remembering change, KnownServers known) {
    try {
      change.run();
    } catch (IOException e) {
      System.err.println(
          "slipway: %s cannot be written: %s; set SLIPWAY_TOKEN_FILE for the command line"
              .formatted(known.file(), e.getMessage()));
    }
  }
}
