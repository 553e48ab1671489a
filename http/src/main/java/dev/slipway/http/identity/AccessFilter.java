package dev.slipway.http.identity;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Authenticator.Authenticated;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import dev.slipway.http.call.Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says who sends each request of one event loop; not thread-safe.
 *
 * <p>What a connection showed last is remembered for that connection alone, so that a caller who
 * sends many requests is looked up once. Nobody can learn about somebody else's token by how long
 * that comparison takes: on their connection there is only their own.
 *
 * <p>An {@code Authorization} header says who it is; without one, the cookie of a session does; and
 * without that, the connection's certificate. A browser sends a cookie by itself, so what changes
 * something has to come from a page of this server. A session that has ended is no reason to refuse
 * what is open, since its owner has to be able to sign in again; it never makes a caller {@code
 * local}.
 *
 * <p>A caller without credentials is {@code local} if the connection comes over the loopback, no
 * proxy says that it passes on somebody else's request, {@code Host} is a name of the loopback and
 * {@code Origin}, where there is one, is this server ({@link CrossSite}).
 */
public final class AccessFilter {
  private static final CharSequence AUTHORIZATION = HttpHeaders.AUTHORIZATION;
  private static final CharSequence COOKIE = HttpHeaders.COOKIE;
  private static final CharSequence HOST = HttpHeaders.HOST;
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
  private static final CharSequence REAL_IP = HttpHeaders.createOptimized("x-real-ip");

  private final Access access;
  private final AccessCounts counts;
  private final Caller local;
  private final Caller anonymous;
  private final IdentityHashMap<HttpConnection, Known> connections = new IdentityHashMap<>();

  /** What is known of one connection. */
  private static final class Known {
    final boolean loopback;
    final Credential.@Nullable Certificate certificate;
    String host = "";
    String shown = "";
    boolean isSession;
    @Nullable Caller caller;
    long generation;
    long validUntilMillis;

    Known(HttpConnection connection) {
      loopback = isLoopback(connection);
      certificate = PeerCertificate.of(connection);
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
   *     PERMISSION_DENIED if a page of another site sends it
   */
  public Caller identify(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    Known known = connections.get(connection);
    if (known == null) {
      known = new Known(connection);
      connections.put(connection, known);
    }
    MultiMap headers = request.headers();
    String authorization = headers.get(AUTHORIZATION);
    String session = authorization == null ? session(headers) : null;
    if (session != null) {
      requireOwnPage(request);
      return person(known, session);
    }
    boolean isLocal =
        authorization == null
            && known.certificate == null
            && access.localCaller()
            && known.loopback
            && !isForwarded(headers);
    requireSameSite(request, known, !isLocal);
    if (authorization != null || known.certificate != null) {
      return holder(known, authorization == null ? "" : authorization, false);
    }
    return isLocal ? local : anonymous;
  }

  /** The secret of a session's cookie; null if there is none. HTTP/2 may split the header. */
  private @Nullable String session(MultiMap headers) {
    SessionCookie cookie = access.cookie();
    if (cookie == null || !headers.contains(COOKIE)) {
      return null;
    }
    for (String header : headers.getAll(COOKIE)) {
      String secret = cookie.find(header);
      if (secret != null) {
        return secret;
      }
    }
    return null;
  }

  private Caller person(Known known, String session) {
    try {
      return holder(known, session, true);
    } catch (SlipwayException e) {
      return Caller.ofEndedSession(counts, e.getMessage());
    }
  }

  /**
   * @param shown an {@code Authorization} header, or the secret of a session; empty for the
   *     certificate of the connection
   */
  private Caller holder(Known known, String shown, boolean isSession) {
    long generation = access.authenticator().generation();
    long nowMillis = access.clock().millis();
    Caller caller = known.caller;
    if (caller != null
        && generation == known.generation
        && nowMillis < known.validUntilMillis
        && isSession == known.isSession
        && shown.equals(known.shown)) {
      return caller;
    }
    known.caller = null;
    Authenticated authenticated;
    try {
      authenticated =
          access
              .authenticator()
              .authenticate(credential(known, shown, isSession), Instant.ofEpochMilli(nowMillis));
    } catch (SlipwayException e) {
      if (!isSession) {
        counts.count(Refusal.BAD_CREDENTIALS);
      }
      throw e;
    }
    Caller identified = new Caller(authenticated.principal(), counts);
    known.caller = identified;
    known.generation = generation;
    known.validUntilMillis = authenticated.validUntil().toEpochMilli();
    known.shown = shown;
    known.isSession = isSession;
    return identified;
  }

  private static Credential credential(Known known, String shown, boolean isSession) {
    if (isSession) {
      return new Credential.Session(shown);
    }
    return shown.isEmpty() && known.certificate != null
        ? known.certificate
        : Credential.parse(shown);
  }

  private void requireOwnPage(HttpServerRequest request) {
    SessionCookie cookie = access.cookie();
    if (cookie == null || !changes(request)) {
      return;
    }
    try {
      CrossSite.requireExactly(request.headers().get(Headers.ORIGIN), cookie.origin());
    } catch (SlipwayException e) {
      counts.count(Refusal.FOREIGN_SITE);
      throw e;
    }
  }

  private void requireSameSite(HttpServerRequest request, Known known, boolean byCredentials) {
    MultiMap headers = request.headers();
    String origin = headers.get(Headers.ORIGIN);
    boolean checksOrigin = origin != null && (!byCredentials || changes(request));
    if (byCredentials && !checksOrigin) {
      return;
    }
    String host = host(request, headers);
    try {
      if (!byCredentials && !host.equals(known.host)) {
        CrossSite.requireLoopback(host);
        known.host = host;
      }
      if (origin != null && checksOrigin) {
        CrossSite.requireOwn(origin, host);
      }
    } catch (SlipwayException e) {
      counts.count(Refusal.FOREIGN_SITE);
      throw e;
    }
  }

  private static boolean changes(HttpServerRequest request) {
    HttpMethod method = request.method();
    return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
  }

  private static String host(HttpServerRequest request, MultiMap headers) {
    String host =
        request.version() == HttpVersion.HTTP_2 && request.authority() != null
            ? request.authority().toString()
            : headers.get(HOST);
    return host == null ? "" : host;
  }

  private static boolean isForwarded(MultiMap headers) {
    return headers.contains(FORWARDED_FOR)
        || headers.contains(FORWARDED)
        || headers.contains(REAL_IP);
  }

  private static boolean isLoopback(HttpConnection connection) {
    SocketAddress address = connection.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    return host != null
        && (host.startsWith("127.") || host.equals("::1") || host.equals("0:0:0:0:0:0:0:1"));
  }
}
