/**
 * The files of the tamper-evident log. {@link dev.slipway.store.audit.AuditLog} integrates what was
 * committed into a folder of tiles and signs it; {@link dev.slipway.store.audit.FolderTileSource}
 * reads such a folder anywhere; {@link dev.slipway.store.audit.DurableWitness} is a witness that
 * remembers. What is decided is decided in {@code dev.slipway.core.audit}.
 */
@NullMarked
package dev.slipway.store.audit;

import org.jspecify.annotations.NullMarked;
