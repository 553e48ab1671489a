/**
 * What is written into the log: who did what to which thing, on which evidence. Start at {@link
 * dev.slipway.core.audit.entry.AuditEntry}. An entry names everything by digest, and people only by
 * {@link dev.slipway.core.audit.entry.Commitment}, since nothing can be taken out of the log again.
 */
@NullMarked
package dev.slipway.core.audit.entry;

import org.jspecify.annotations.NullMarked;
