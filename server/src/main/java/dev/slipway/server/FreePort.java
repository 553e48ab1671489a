package dev.slipway.server;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether the port is free before anything else is touched. */
final class FreePort {
  private FreePort() {}

  /**
   * @throws SlipwayException CONFIGURATION_INVALID if the server could not listen there
   */
  static void require(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "host: %s is unknown (expected: a name or address of this machine)".formatted(host));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "port: %d on %s cannot be bound: %s (expected: a free port of this machine)"
              .formatted(port, host, e.getMessage()),
          e);
    }
  }
}
