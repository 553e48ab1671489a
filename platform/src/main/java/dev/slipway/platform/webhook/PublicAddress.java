package dev.slipway.platform.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses are of the public internet, by the registries of special-purpose addresses of
 * IANA. Of IPv6, only what is allocated as global unicast is, so that every way to write an IPv4
 * address in IPv6 is not.
 */
final class PublicAddress {
  /** Networks that are not public, each of four bytes and the length of its prefix. */
  private static final int[][] IPV4 = {
    {0, 0, 0, 0, 8},
    {10, 0, 0, 0, 8},
    {100, 64, 0, 0, 10},
    {127, 0, 0, 0, 8},
    {169, 254, 0, 0, 16},
    {172, 16, 0, 0, 12},
    {192, 0, 0, 0, 24},
    {192, 0, 2, 0, 24},
    {192, 88, 99, 0, 24},
    {192, 168, 0, 0, 16},
    {198, 18, 0, 0, 15},
    {198, 51, 100, 0, 24},
    {203, 0, 113, 0, 24},
    {224, 0, 0, 0, 3},
  };

  /** Within 2000::/3: protocol assignments with Teredo, documentation, 6to4, documentation. */
  private static final int[][] IPV6 = {
    {0x20, 0x01, 0x00, 0x00, 23},
    {0x20, 0x01, 0x0d, 0xb8, 32},
    {0x20, 0x02, 0x00, 0x00, 16},
    {0x3f, 0xff, 0x00, 0x00, 20},
  };

  private PublicAddress() {}

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return !within(IPV4, bytes);
    }
    return (bytes[0] & 0xe0) == 0x20 && !within(IPV6, bytes);
  }

  private static boolean within(int[][] networks, byte[] address) {
    int first = bits(address[0], address[1], address[2], address[3]);
    for (int[] network : networks) {
      int prefix = bits(network[0], network[1], network[2], network[3]);
      if ((first ^ prefix) >>> (Integer.SIZE - network[4]) == 0) {
        return true;
      }
    }
    return false;
  }

  private static int bits(int a, int b, int c, int d) {
    return (a & 0xff) << 24 | (b & 0xff) << 16 | (c & 0xff) << 8 | (d & 0xff);
  }
}
