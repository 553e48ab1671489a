package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue.JsonObject;

/** One check. Thread-safe. */
public interface Gate {
  /** The name in policies, of lower-case letters and hyphens. */
  String name();

  /**
   * Refuses parameters that the gate does not understand, so that a policy with them is refused.
   *
   * @throws IllegalArgumentException naming the parameter and what was expected
   */
  void requireParameters(JsonObject parameters);

  /**
   * Looks at a version. What the version does wrong is an outcome; only what keeps the gate from
   * looking is thrown.
   *
   * @param parameters that {@link #requireParameters} accepts
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST if something it needs was not given
   */
  GateOutcome run(GateSubject subject, JsonObject parameters);
}
