package dev.slipway.server;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks whether what is sent to the server can be read on its way. */
final class SafeAddress {
  private SafeAddress() {}

  /**
   * @throws SlipwayException CONFIGURATION_INVALID if the server would listen elsewhere than on the
   *     loopback, tokens and data would go there in the clear, and nobody said that they may
   */
  static void require(ServerConfig config) {
    String host = config.http().host();
    if (config.http().tls() != null || config.access().insecure() || isLoopback(host)) {
      return;
    }
    throw new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID,
        "host: %s is not the loopback, and tokens would go there in the clear (expected: localhost,"
                .formatted(host)
            + " tls-certificate and tls-key, or --insecure where the network between is trusted)");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
