package dev.slipway.core.artifact;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The path of an artifact: names with {@code /} between them, none of which climbs or hides.
 *
 * @param names at least one, but for {@link #ROOT}
 */
public record ArtifactPath(List<String> names) {
  /** What holds all artifacts. */
  public static final ArtifactPath ROOT = new ArtifactPath(List.of());

  /** Longest path, in bytes of UTF-8. */
  public static final int BYTES_MAX = 1_024;

  /** Longest name, in bytes of UTF-8, as file systems have it. */
  public static final int NAME_BYTES_MAX = 255;

  public ArtifactPath {
    names = List.copyOf(names);
  }

  /**
   * Reads a path, which was percent-decoded exactly once before.
   *
   * @param text relative; empty means {@link #ROOT}
   * @throws SlipwayException BAD_REQUEST for an absolute path, an empty name, {@code .} or {@code
   *     ..}, {@code #}, {@code ?}, a backslash or a control character, and past the limits
   */
  public static ArtifactPath parse(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    if (bytes(text) > BYTES_MAX) {
      throw refused(text.substring(0, 80) + "...", "at most %d bytes".formatted(BYTES_MAX));
    }
    List<String> names = List.of(text.split("/", -1));
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw refused(text, "a relative path without empty names, '.' and '..'");
      }
      if (bytes(name) > NAME_BYTES_MAX) {
        throw refused(text, "names of at most %d bytes".formatted(NAME_BYTES_MAX));
      }
    }
    if (text.chars()
        .anyMatch(c -> c == '#' || c == '?' || c == '\\' || Character.isISOControl(c))) {
      throw refused(text, "no '#', '?', backslash or control character");
    }
    return new ArtifactPath(names);
  }

  /** What lies below this under a relative path. */
  public ArtifactPath resolve(ArtifactPath below) {
    return below.names.isEmpty() ? this : parse(join(this.toString(), below.toString()));
  }

  private static String join(String first, String second) {
    return first.isEmpty() ? second : first + "/" + second;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static SlipwayException refused(String text, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "path: '%s' (expected: %s)".formatted(text, expected));
  }

  @Override
  public String toString() {
    return String.join("/", names);
  }
}
