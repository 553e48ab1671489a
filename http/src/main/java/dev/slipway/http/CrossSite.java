package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Headers;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites, open in a browser on this computer, from using the server through it.
 *
 * <p>A browser says where a page comes from ({@code Origin}) whenever it changes something, so what
 * another site asks to change is refused. A site whose name was made to lead to this computer is of
 * the same origin to the browser, but it sends its own name as {@code Host}: where the server
 * listens on the loopback only, what controls it answers to names of the loopback alone.
 */
final class CrossSite {
  private static final String REPOSITORY = "/v2/repository/";

  private final boolean loopbackOnly;

  /**
   * @param host the address that the server listens on
   */
  CrossSite(String host) {
    this.loopbackOnly = isLoopback(host);
  }

  /**
   * Null where the request may go on, else why not.
   *
   * @param controls whether it goes to what controls the server
   */
  @Nullable SlipwayException refusal(HttpServerRequest request, boolean controls) {
    HttpMethod method = request.method();
    boolean changes = !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    HostAndPort asked = request.authority();
    String origin = changes ? request.headers().get(Headers.ORIGIN) : null;
    if (origin != null && !isSame(origin, asked)) {
      return refused("origin: '%s' (expected: none, or this server's own)", origin);
    }
    if (loopbackOnly
        && (controls || isRepository(request))
        && asked != null
        && !isLoopback(asked.host())) {
      return refused(
          "host: '%s' (expected: localhost or another name of the loopback, where the server"
              + " listens)",
          asked.host());
    }
    return null;
  }

  private static boolean isRepository(HttpServerRequest request) {
    return request.uri().startsWith(REPOSITORY);
  }

  private static SlipwayException refused(String format, String value) {
    String shown = value.length() > 200 ? value.substring(0, 200) + "..." : value;
    return new SlipwayException(ErrorCode.PERMISSION_DENIED, format.formatted(shown));
  }

  /** Ports may differ only by what is left out: 80 for http, 443 for https. */
  private static boolean isSame(String origin, @Nullable HostAndPort asked) {
    if (asked == null) {
      return false;
    }
    try {
      URI page = new URI(origin);
      int usual = "https".equals(page.getScheme()) ? 443 : 80;
      int pagePort = page.getPort() < 0 ? usual : page.getPort();
      int askedPort = asked.port() < 0 ? usual : asked.port();
      return asked.host().equalsIgnoreCase(page.getHost()) && pagePort == askedPort;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || host.equals("::1")
        || host.equals("[::1]");
  }
}
