package dev.slipway.http.limits;

import java.util.Locale;

/** The limits at the border of the server; the label {@code limit} of their metric. */
public enum Limit {
  BODY_BYTES,
  DECOMPRESSED_BYTES,
  BUFFERED_BYTES,
  ARTIFACT_BYTES,
  HEADER_BYTES,
  CONNECTIONS,
  CALLER_RATE,
  ACCOUNT_RATE,
  ACCOUNT_ROWS,
  CONTROL_REQUESTS,
  BODY_TIME;

  /** The name that metrics show, for example {@code body_bytes}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
