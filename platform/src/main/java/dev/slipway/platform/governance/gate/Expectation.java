package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue.JsonObject;

/**
 * An expectation of rows and how it came out.
 *
 * @param name such as {@code columns.amount.range}
 * @param observed what the rows are, in words
 * @param expected what they should be
 */
record Expectation(String name, boolean passed, String observed, String expected) {
  JsonObject json() {
    return new Measurements()
        .put("expectation", name)
        .put("passed", passed)
        .put("observed", observed)
        .put("expected", expected)
        .build();
  }

  @Override
  public String toString() {
    return "%s: %s (expected: %s)".formatted(name, observed, expected);
  }
}
