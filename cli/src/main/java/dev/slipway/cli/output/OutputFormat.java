package dev.slipway.cli.output;

import java.util.Locale;

/** How data is printed on stdout. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** The table with its further columns. */
  WIDE,
  /** One document; a list is an array. */
  JSON,
  YAML,
  /** One document a line, as it arrives. */
  JSONL,
  /** Only the name, as other commands take it. */
  NAME;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
