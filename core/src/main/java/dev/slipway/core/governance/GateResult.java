package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import java.time.Instant;

/**
 * A gate's outcome, as a promotion names it.
 *
 * @param evidence digest of the {@link Evidence}
 * @param at when the gate ended
 */
public record GateResult(String gate, Verdict verdict, ContentDigest evidence, Instant at) {}
