package dev.slipway.server;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.server.config.ServerConfig;
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
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  slipway.close();
                  stopped.countDown();
                },
                "slipway-stop"));
    System.out.print(Banner.text(config, slipway.port(), System.nanoTime() - startNanos));
    System.out.flush();
    stopped.await();
  }
}
