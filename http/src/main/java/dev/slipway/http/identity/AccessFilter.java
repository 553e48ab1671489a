package dev.slipway.http.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Authenticator.Authenticated;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says who sends each request of one event loop; not thread-safe.
 *
 * <p>What a connection showed last is remembered for that connection alone, so that a caller who
 * sends many requests is looked up once. Nobody can learn about somebody else's token by how long
 * that comparison takes: on their connection there is only their own.
 *
 * <p>A caller without credentials is {@code local} if the connection comes over the loopback, no
 * proxy says that it passes on somebody else's request, {@code Host} is a name of the loopback and
 * {@code Origin}, where there is one, is this server. So neither a page of another site nor a name
 * that was made to point here lets a browser act as the user in front of it.
 */
public final class AccessFilter {
  private static final CharSequence AUTHORIZATION = HttpHeaders.AUTHORIZATION;
  private static final CharSequence ORIGIN = HttpHeaders.ORIGIN;
  private static final CharSequence HOST = HttpHeaders.HOST;
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
  private static final CharSequence REAL_IP = HttpHeaders.createOptimized("x-real-ip");
  private static final int SHOWN_MAX = 100;

  private final Access access;
  private final AccessCounts counts;
  private final Caller local;
  private final Caller anonymous;
  private final Map<HttpConnection, Known> connections = new IdentityHashMap<>();

  /** What is known of one connection. */
  private static final class Known {
    final boolean loopback;
    String host = "";
    String authorization = "";
    @Nullable Caller caller;
    long generation;
    long validUntilMillis;

    Known(boolean loopback) {
      this.loopback = loopback;
    }
  }

  public AccessFilter(Access access, AccessCounts counts) {
    this.access = access;
    this.counts = counts;
    this.local = new Caller(Principal.LOCAL, counts);
    this.anonymous = new Caller(Principal.ANONYMOUS, counts);
  }

  /** Forgets a connection that is closed. */
  public void closed(HttpConnection connection) {
    connections.remove(connection);
  }

  /**
   * Who sends the request.
   *
   * @throws SlipwayException UNAUTHENTICATED if it shows credentials that are not accepted;
   *     PERMISSION_DENIED if it comes over the loopback on behalf of another site
   */
  public Caller identify(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    Known known = connections.get(connection);
    if (known == null) {
      known = new Known(isLoopback(connection));
      connections.put(connection, known);
    }
    MultiMap headers = request.headers();
    String authorization = headers.get(AUTHORIZATION);
    if (authorization != null) {
      return holder(known, authorization);
    }
    if (!access.localCaller() || !known.loopback || isForwarded(headers)) {
      return anonymous;
    }
    requireSameSite(known, host(request, headers), headers.get(ORIGIN));
    return local;
  }

  private Caller holder(Known known, String authorization) {
    long generation = access.authenticator().generation();
    long nowMillis = access.clock().millis();
    Caller caller = known.caller;
    if (caller != null
        && generation == known.generation
        && nowMillis < known.validUntilMillis
        && authorization.equals(known.authorization)) {
      return caller;
    }
    known.caller = null;
    Authenticated authenticated;
    try {
      authenticated =
          access
              .authenticator()
              .authenticate(Credential.parse(authorization), Instant.ofEpochMilli(nowMillis));
    } catch (SlipwayException e) {
      counts.count(Refusal.BAD_CREDENTIALS);
      throw e;
    }
    Caller identified = new Caller(authenticated.principal(), counts);
    known.caller = identified;
    known.generation = generation;
    known.validUntilMillis = authenticated.validUntil().toEpochMilli();
    known.authorization = authorization;
    return identified;
  }

  private void requireSameSite(Known known, @Nullable String host, @Nullable String origin) {
    if (host != null && !host.equals(known.host)) {
      if (!isLoopbackName(name(host))) {
        throw foreign("host", host, "localhost, 127.0.0.1 or [::1]");
      }
      known.host = host;
    }
    if (origin != null && (host == null || !isOrigin(origin, host))) {
      throw foreign("origin", origin, "this server's own");
    }
  }

  private SlipwayException foreign(String header, String value, String expected) {
    counts.count(Refusal.FOREIGN_SITE);
    return new SlipwayException(
        ErrorCode.PERMISSION_DENIED,
        "%s: '%s' (expected without credentials: %s); to mend it: send a token"
            .formatted(
                header,
                value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "..." : value,
                expected));
  }

  private static @Nullable String host(HttpServerRequest request, MultiMap headers) {
    if (request.version() != HttpVersion.HTTP_2) {
      return headers.get(HOST);
    }
    return request.authority() == null ? headers.get(HOST) : request.authority().toString();
  }

  private static boolean isForwarded(MultiMap headers) {
    return headers.contains(FORWARDED_FOR)
        || headers.contains(FORWARDED)
        || headers.contains(REAL_IP);
  }

  private static boolean isOrigin(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  /** The host without its port. */
  private static String name(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopbackName(String name) {
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private static boolean isLoopback(HttpConnection connection) {
    SocketAddress address = connection.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    return host != null
        && (host.startsWith("127.") || host.equals("::1") || host.equals("0:0:0:0:0:0:0:1"));
  }
}
