package dev.slipway.platform.oidc;

/** Where a browser goes after the sign-in: always on this server. */
final class ReturnPath {
  private static final int CHARACTERS_MAX = 1_000;

  private ReturnPath() {}

  /**
   * @return the path, or {@code fallback} if it is none or might lead to another server
   */
  static String of(String path, String fallback) {
    boolean leadsElsewhere =
        path.length() > CHARACTERS_MAX
            || !path.startsWith("/")
            || path.startsWith("//")
            // Browsers read a backslash as a slash, and skip tabs and line ends.
            || path.indexOf('\\') >= 0
            || !path.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return leadsElsewhere ? fallback : path;
  }
}
