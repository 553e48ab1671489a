package dev.slipway.platform.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccountName;
import dev.slipway.core.identity.Credential.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which account a client certificate is. A name in it that is mapped leads to its account; if none
 * is, a DNS name is the name of the account, and a URI names nobody.
 *
 * @param accounts by SPIFFE id, other URI or DNS name
 */
public record CertificateNames(Map<String, String> accounts) {
  /** DNS names only. */
  public static final CertificateNames UNMAPPED = new CertificateNames(Map.of());

  public CertificateNames {
    accounts = Map.copyOf(accounts);
  }

  /**
   * Reads a mapping such as {@code spiffe://example.org/shop=shop}.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  public static CertificateNames parse(String mapping) {
    Map<String, String> accounts = new HashMap<>();
    for (String pair : mapping.isEmpty() ? List.<String>of() : List.of(mapping.split(",", -1))) {
      int equals = pair.lastIndexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals).strip();
      String account = pair.substring(equals + 1).strip();
      try {
        AccountName.require(account);
      } catch (SlipwayException e) {
        throw new IllegalArgumentException("tls-client-accounts: " + e.getMessage(), e);
      }
      if (name.isEmpty() || accounts.putIfAbsent(name, account) != null) {
        throw new IllegalArgumentException(
            "tls-client-accounts: '%s' (expected: NAME=ACCOUNT, each NAME once)".formatted(pair));
      }
    }
    return new CertificateNames(accounts);
  }

  /**
   * @throws SlipwayException UNAUTHENTICATED if it names no account, or several
   */
  String account(Certificate certificate) {
    Set<String> mapped =
        Stream.concat(certificate.uris().stream(), certificate.dnsNames().stream())
            .filter(accounts::containsKey)
            .map(accounts::get)
            .collect(Collectors.toSet());
    Set<String> named = mapped.isEmpty() ? certificate.dnsNames() : mapped;
    if (named.size() != 1) {
      throw new SlipwayException(
          ErrorCode.UNAUTHENTICATED,
          "certificate: names %d accounts (expected: one, by tls-client-accounts or as its DNS name)"
              .formatted(named.size()));
    }
    return named.iterator().next();
  }
}
