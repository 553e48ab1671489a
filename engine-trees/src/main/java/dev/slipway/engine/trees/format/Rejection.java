package dev.slipway.engine.trees.format;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/** The two ways in which a reader says no. */
// The annotation that Error Prone wants is a dependency of its own.
@SuppressWarnings("AnnotateFormatMethod")
final class Rejection {
  private static final int QUOTED_MOST = 80;

  private Rejection() {}

  /** The file breaks its format's rules. */
  static SlipwayException invalid(String message, Object... arguments) {
    return new SlipwayException(ErrorCode.MODEL_INVALID, message.formatted(arguments));
  }

  /** The file is fine, but this engine cannot run what it holds. */
  static SlipwayException unsupported(String message, Object... arguments) {
    return new SlipwayException(ErrorCode.FORMAT_UNSUPPORTED, message.formatted(arguments));
  }

  /** Text from a file, short enough to quote. */
  static String quote(String text) {
    String line = text.strip();
    return line.length() <= QUOTED_MOST ? line : line.substring(0, QUOTED_MOST) + "...";
  }
}
