/**
 * The witness's side of c2sp.org/tlog-witness: it cosigns a log's checkpoint only if that continues
 * the one it cosigned before. {@link dev.slipway.core.audit.witness.Witness} decides; persisting
 * what it decided, before anybody is told, is the caller's.
 */
@NullMarked
package dev.slipway.core.audit.witness;

import org.jspecify.annotations.NullMarked;
