package dev.slipway.http.identity;

import java.util.Locale;

/** Why a request was refused; the label {@code reason} of their metric. */
public enum Refusal {
  /** Nobody knows who asks. */
  NO_CREDENTIALS,
  /** What was shown is not accepted. */
  BAD_CREDENTIALS,
  /** Somebody who is known may not do that. */
  DENIED,
  /** A page of another site, or a name that is not this machine's, came over the loopback. */
  FOREIGN_SITE;

  /** The name that metrics show. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
