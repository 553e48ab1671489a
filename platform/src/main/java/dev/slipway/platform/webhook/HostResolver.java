package dev.slipway.platform.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
public interface HostResolver {
  /**
   * @return at least one
   * @throws UnknownHostException if it has none
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** As this machine does. */
  static HostResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
