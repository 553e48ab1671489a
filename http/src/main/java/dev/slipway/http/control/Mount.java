package dev.slipway.http.control;

/**
 * Where a handler answers.
 *
 * @param prefix of the paths that it answers; one that does not end in {@code /} is the only one
 */
public record Mount(String prefix, ControlHandler handler) {
  /** Whether a request is this handler's. */
  public boolean takes(String uri) {
    return uri.startsWith(prefix)
        && (prefix.endsWith("/")
            || uri.length() == prefix.length()
            || uri.charAt(prefix.length()) == '?');
  }
}
