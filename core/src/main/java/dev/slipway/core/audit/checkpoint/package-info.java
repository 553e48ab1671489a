/**
 * What the log and its witnesses sign. A {@link dev.slipway.core.audit.checkpoint.Checkpoint}
 * (c2sp.org/tlog-checkpoint) is the text of a {@link dev.slipway.core.audit.checkpoint.SignedNote}
 * (c2sp.org/signed-note), whose signatures are made by a {@link
 * dev.slipway.core.audit.checkpoint.SigningKey} and judged by a {@link
 * dev.slipway.core.audit.checkpoint.VerifierKey} in one of the ways that {@link
 * dev.slipway.core.audit.checkpoint.SignatureType} lists.
 */
@NullMarked
package dev.slipway.core.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
