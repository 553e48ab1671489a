package dev.slipway.core.scan;

/**
 * Something that is not allowed.
 *
 * @param file path within the artifact; within archives after {@code !/}
 * @param element of the file, such as a tensor; empty is the file itself
 * @param message in words
 */
public record Finding(String file, String element, String message) {
  private static final int SHOWN_CHARS = 200;

  public Finding {
    file = shown(file);
    element = shown(element);
    message = shown(message);
  }

  /** Foreign text as it may stand in a line of a report. */
  private static String shown(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return plain.length() <= SHOWN_CHARS ? plain : plain.substring(0, SHOWN_CHARS) + "...";
  }

  @Override
  public String toString() {
    return element.isEmpty()
        ? "%s: %s".formatted(file, message)
        : "%s: %s: %s".formatted(file, element, message);
  }
}
