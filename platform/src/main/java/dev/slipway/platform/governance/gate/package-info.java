/**
 * The checks that a version must pass before people are asked. A {@link
 * dev.slipway.platform.governance.gate.Gate} gets its parameters from the policy and everything it
 * may look at from a {@link dev.slipway.platform.governance.gate.GateSubject}, and gives a {@link
 * dev.slipway.platform.governance.gate.GateOutcome}. It neither stores anything nor reads a clock,
 * so that it comes to the same verdict when it is run again; only the latency gate measures.
 */
@NullMarked
package dev.slipway.platform.governance.gate;

import org.jspecify.annotations.NullMarked;
