package dev.slipway.core.scan;

/** Paths that others wrote. */
final class ArchivePath {
  private ArchivePath() {}

  /**
   * Whether it leads to a place below the folder it is taken from, on every system: names with a
   * {@code /} between, none of them empty, {@code .} or {@code ..}, without the separators and
   * drive letters of other systems.
   */
  static boolean isPlain(String path) {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return path.indexOf('\\') < 0
        && path.indexOf(':') < 0
        && path.chars().noneMatch(Character::isISOControl);
  }
}
