package dev.slipway.http.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites, open in a browser on this computer, from using the server through it.
 *
 * <p>A browser says where a page comes from ({@code Origin}) whenever it changes something, so what
 * another site asks to change is refused. A site whose name was made to lead to this computer is of
 * the same origin to the browser, but it sends its own name as {@code Host}: a caller who is let in
 * for coming over the loopback has to call the server by a name of the loopback.
 */
final class CrossSite {
  private static final int SHOWN_MAX = 200;

  private CrossSite() {}

  /**
   * @param host of the request, with or without its port; empty for none
   * @throws SlipwayException PERMISSION_DENIED if it is no name of the loopback
   */
  static void requireLoopback(String host) {
    if (!host.isEmpty() && !isLoopback(name(host))) {
      throw refused(
          "host: '%s' (expected without credentials: localhost or another name of the loopback);"
              + " to mend it: send a token",
          host);
    }
  }

  /**
   * @param host of the request, with or without its port; empty for none
   * @throws SlipwayException PERMISSION_DENIED if a page of another site sends it
   */
  static void requireOwn(String origin, String host) {
    if (!isSame(origin, host)) {
      throw refused("origin: '%s' (expected: none, or this server's own)", origin);
    }
  }

  /**
   * What a browser sends along by itself, a cookie, proves nothing of who wants a change; the page
   * that it comes from does.
   *
   * @param origin of the page; null if the browser does not say
   * @param own this server's, as browsers write it
   * @throws SlipwayException PERMISSION_DENIED if it is another or not there
   */
  static void requireExactly(@Nullable String origin, String own) {
    if (!own.equals(origin)) {
      throw refused(
          "origin: '%s' (expected with a session: " + own + ")", origin == null ? "" : origin);
    }
  }

  /** Ports may differ only by what is left out: 80 for http, 443 for https. */
  private static boolean isSame(String origin, String host) {
    try {
      URI page = new URI(origin);
      if (page.getHost() == null || page.getScheme() == null) {
        return false;
      }
      URI asked = new URI(page.getScheme() + "://" + host);
      return page.getHost().equalsIgnoreCase(asked.getHost()) && port(page) == port(asked);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static int port(URI uri) {
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  /** The host without its port. */
  private static String name(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopback(String name) {
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private static SlipwayException refused(String format, String value) {
    String shown = value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "..." : value;
    return new SlipwayException(ErrorCode.PERMISSION_DENIED, format.formatted(shown));
  }
}
