package dev.slipway.http.identity;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cookie in which a browser keeps a secret of this server. Scripts cannot read it, pages of other
 * sites send it with nothing that changes something, and over https no other name or path can set
 * it ({@code __Host-}).
 *
 * @param name of the cookie; over http it has the port, since servers on the loopback share theirs
 * @param origin of the only pages whose changes it vouches for, as browsers write it
 * @param secure whether browsers send it over https alone
 */
public record SessionCookie(String name, String origin, boolean secure) {
  /** The cookie of the session of whoever signed in. */
  public static SessionCookie ofSession(URI publicUrl) {
    return of("slipway", publicUrl);
  }

  /** The cookie of a sign-in that is under way. */
  public static SessionCookie ofSignIn(URI publicUrl) {
    return of("slipway-sign-in", publicUrl);
  }

  private static SessionCookie of(String name, URI publicUrl) {
    boolean secure = "https".equals(publicUrl.getScheme());
    int port = publicUrl.getPort();
    boolean usual = port < 0 || port == (secure ? 443 : 80);
    String origin =
        publicUrl.getScheme()
            + "://"
            + publicUrl.getHost().toLowerCase(Locale.ROOT)
            + (usual ? "" : ":" + port);
    return new SessionCookie(
        secure ? "__Host-" + name : name + "-" + (usual ? 80 : port), origin, secure);
  }

  /**
   * The secret in a {@code Cookie} header; null if it is not there. Of several the first counts.
   */
  public @Nullable String find(String header) {
    int at = 0;
    while (at < header.length()) {
      int end = header.indexOf(';', at);
      int stop = end < 0 ? header.length() : end;
      int equals = header.indexOf('=', at);
      if (equals > 0
          && equals < stop
          && header.substring(at, equals).strip().equals(name)
          && equals + 1 < stop) {
        return header.substring(equals + 1, stop).strip();
      }
      at = stop + 1;
    }
    return null;
  }

  /** The {@code Set-Cookie} header that has the browser keep it. */
  public String kept(String secret, Duration lifetime) {
    return "%s=%s; Max-Age=%d; Path=/; HttpOnly; SameSite=Lax%s"
        .formatted(name, secret, lifetime.toSeconds(), secure ? "; Secure" : "");
  }

  /** The {@code Set-Cookie} header that has the browser forget it. */
  public String forgotten() {
    return kept("", Duration.ZERO);
  }
}
