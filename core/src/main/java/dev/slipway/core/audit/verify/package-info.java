/**
 * The auditor's side: {@link dev.slipway.core.audit.verify.AuditVerifier} checks a whole export and
 * {@link dev.slipway.core.audit.verify.ReceiptCheck} one receipt, against keys that the auditor has
 * from elsewhere. Nothing here needs a server, a database or the machine the log was made on.
 */
@NullMarked
package dev.slipway.core.audit.verify;

import org.jspecify.annotations.NullMarked;
