/**
 * Proof that one entry is in the log, to be kept beside what the entry allowed and checked without
 * the log (c2sp.org/tlog-proof). {@link dev.slipway.core.audit.receipt.ReceiptBook} writes them.
 */
@NullMarked
package dev.slipway.core.audit.receipt;

import org.jspecify.annotations.NullMarked;
