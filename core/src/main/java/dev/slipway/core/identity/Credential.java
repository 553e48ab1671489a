package dev.slipway.core.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/** What a caller shows to say who they are. Its text never shows the secret. */
public sealed interface Credential {
  /** Longest header that is read. */
  int CHARACTERS_MAX = 8_192;

  /** A token by itself. */
  record Bearer(String token) implements Credential {
    @Override
    public String toString() {
      return "Bearer[...]";
    }
  }

  /**
   * A token as the password of its account, for clients that know only names and passwords.
   *
   * @param user name of the account
   */
  record Basic(String user, String token) implements Credential {
    @Override
    public String toString() {
      return "Basic[user=%s]".formatted(user);
    }
  }

  /**
   * A client certificate that an authority of the server's choice has issued, and whose key the
   * caller has.
   *
   * @param uris of its subject's alternative names
   * @param dnsNames of its subject's alternative names
   * @param notAfter when it ends
   */
  record Certificate(Set<String> uris, Set<String> dnsNames, Instant notAfter)
      implements Credential {
    public Certificate {
      uris = Set.copyOf(uris);
      dnsNames = Set.copyOf(dnsNames);
    }
  }

  /**
   * The session of a person who signed in with a browser.
   *
   * @param secret the value of its cookie
   */
  record Session(String secret) implements Credential {
    @Override
    public String toString() {
      return "Session[...]";
    }
  }

  /**
   * Reads an {@code Authorization} header.
   *
   * @throws SlipwayException UNAUTHENTICATED if it is of no known form; the message shows none of
   *     it
   */
  static Credential parse(String header) {
    int space = header.indexOf(' ');
    if (space > 0 && header.length() <= CHARACTERS_MAX) {
      String scheme = header.substring(0, space);
      String value = header.substring(space + 1).strip();
      if (scheme.equalsIgnoreCase("Bearer") && !value.isEmpty()) {
        return new Bearer(value);
      }
      if (scheme.equalsIgnoreCase("Basic")) {
        return basic(value);
      }
    }
    throw unknown();
  }

  private static Credential basic(String encoded) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw unknown();
    }
    return new Basic(pair.substring(0, colon), pair.substring(colon + 1));
  }

  private static SlipwayException unknown() {
    return new SlipwayException(
        ErrorCode.UNAUTHENTICATED,
        "Authorization: of an unknown form (expected: Bearer TOKEN, or Basic with an account's name"
            + " and a token as its password)");
  }
}
