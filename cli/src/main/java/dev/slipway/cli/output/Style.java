package dev.slipway.cli.output;

/** ANSI colours, or none. */
public enum Style {
  PLAIN,
  COLOURED;

  private static final String RESET = "\u001b[0m";

  public static Style coloured(boolean coloured) {
    return coloured ? COLOURED : PLAIN;
  }

  public String bold(String text) {
    return wrap("\u001b[1m", text);
  }

  public String red(String text) {
    return wrap("\u001b[31m", text);
  }

  /** A state of a deployment, a check or a log in the colour of how good it is. */
  public String state(String state) {
    return switch (state) {
      case "READY", "ok", "intact" -> wrap("\u001b[32m", state);
      case "LOADING", "EVICTED", "warning" -> wrap("\u001b[33m", state);
      case "UNAVAILABLE", "failed", "damaged" -> wrap("\u001b[31m", state);
      default -> state;
    };
  }

  private String wrap(String escape, String text) {
    return this == PLAIN || text.isEmpty() ? text : escape + text + RESET;
  }
}
