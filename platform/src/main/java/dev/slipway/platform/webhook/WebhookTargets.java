package dev.slipway.platform.webhook;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where messages may go: over TLS to public addresses, and to the places that the server's operator
 * names. A host is resolved once for each message, and the connection is made to what was found
 * then, so that a name which points elsewhere a moment later leads nowhere. Thread-safe.
 */
public final class WebhookTargets {
  private static final int URL_CHARACTERS_MAX = 2_048;
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final int PORT_MAX = 65_535;

  private final Set<String> allowed;
  private final HostResolver resolver;

  /**
   * @param allowed places, each {@code host:port}, which may be reached without TLS and may have
   *     any address
   */
  public WebhookTargets(Set<String> allowed, HostResolver resolver) {
    this.allowed = Set.copyOf(allowed);
    this.resolver = resolver;
  }

  /**
   * Where a message goes.
   *
   * @param host name for the certificate and the header
   * @param address that the connection is made to
   * @param path with the query
   */
  record Target(String host, int port, boolean tls, InetAddress address, String path) {
    /** As the header {@code Host} has it. */
    String authority() {
      return port == (tls ? HTTPS_PORT : HTTP_PORT) ? host : host + ":" + port;
    }
  }

  /**
   * Refuses what messages may never go to, as far as the URL tells.
   *
   * @throws SlipwayException BAD_REQUEST
   */
  public void require(String url) {
    parse(url);
  }

  /**
   * Resolves the host of a URL.
   *
   * @throws SlipwayException BAD_REQUEST if messages may not go there
   * @throws UnknownHostException if there is no such host
   */
  Target resolve(String url) throws UnknownHostException {
    URI uri = parse(url);
    String host = host(uri);
    boolean tls = isTls(uri);
    int port = port(uri);
    List<InetAddress> addresses = resolver.resolve(host);
    if (!allowed.contains(host + ":" + port)) {
      for (InetAddress address : addresses) {
        if (!PublicAddress.is(address)) {
          throw refused(
              "%s has the address %s (expected: public addresses only)"
                  .formatted(host, address.getHostAddress()));
        }
      }
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new Target(
        host,
        port,
        tls,
        addresses.getFirst(),
        uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  private URI parse(String url) {
    if (url.length() > URL_CHARACTERS_MAX) {
      throw refused(
          "%d characters (expected: at most %d)".formatted(url.length(), URL_CHARACTERS_MAX));
    }
    URI uri;
    try {
      uri = new URI(url).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "url: it is none (expected: such as https://example.com/hook)", e);
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw refused("no host (expected: such as https://example.com/hook)");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused("user or fragment (expected: neither; messages are signed)");
    }
    if (!url.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw refused("other characters than those of ASCII (expected: none)");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = port(uri);
    if (port < 1 || port > PORT_MAX) {
      throw refused("port %d (expected: from 1 to %d)".formatted(port, PORT_MAX));
    }
    boolean plain = scheme.equals("http") && allowed.contains(host(uri) + ":" + port);
    if (!scheme.equals("https") && !plain) {
      throw refused(
          "%s (expected: https, or http to a place of the setting webhook-places)"
              .formatted(scheme));
    }
    return uri;
  }

  private static boolean isTls(URI uri) {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  private static String host(URI uri) {
    return uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : isTls(uri) ? HTTPS_PORT : HTTP_PORT;
  }

  private static SlipwayException refused(String why) {
    return new SlipwayException(ErrorCode.BAD_REQUEST, "url: " + why);
  }
}
