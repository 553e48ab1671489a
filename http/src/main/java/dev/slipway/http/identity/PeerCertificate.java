package dev.slipway.http.identity;

import dev.slipway.core.identity.Credential;
import io.vertx.core.http.HttpConnection;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Reads what a caller's certificate says; the handshake has checked it. */
final class PeerCertificate {
  /** Sorts of alternative names, RFC 5280 section 4.2.1.6. */
  private static final int DNS = 2;

  private static final int URI = 6;

  private PeerCertificate() {}

  /** Null if the caller shows none. */
  static Credential.@Nullable Certificate of(HttpConnection connection) {
    if (!connection.isSsl()) {
      return null;
    }
    try {
      return connection.peerCertificates().getFirst() instanceof X509Certificate leaf
          ? of(leaf)
          : null;
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return null; // None was shown, or none that says who it is.
    }
  }

  private static Credential.Certificate of(X509Certificate leaf)
      throws CertificateParsingException {
    Set<String> uris = new HashSet<>();
    Set<String> dnsNames = new HashSet<>();
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (name.get(0) instanceof Integer sort && name.get(1) instanceof String text) {
        if (sort == URI) {
          uris.add(text);
        } else if (sort == DNS) {
          dnsNames.add(text.toLowerCase(Locale.ROOT));
        }
      }
    }
    return new Credential.Certificate(uris, dnsNames, leaf.getNotAfter().toInstant());
  }
}
