package dev.slipway.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerClientTest {
  @Test
  void aServerThatTakesNoConnectionIsNotSaidToHaveBeenAsked() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerClient client =
            new ServerClient(URI.create("http://127.0.0.1:" + deaf.getLocalPort()), "")) {
      assumeTrue(fills(deaf, waiting), "the system accepts more than the backlog");
      CliFailure failure =
          catchThrowableOfType(
              CliFailure.class,
              () -> client.get(new Ask("look", "again", Duration.ofMinutes(10)), "/"));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.ERROR);
      assertThat(failure.why())
          .isEqualTo("no connection to http://127.0.0.1:%d within 5s", deaf.getLocalPort());
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Connects until the system takes no more. */
  private static boolean fills(ServerSocket deaf, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), deaf.getLocalPort()), 300);
      } catch (IOException full) {
        return true;
      }
    }
    return false;
  }
}
