/**
 * Keeps what accounts asked across restarts, and tells people when questions look like an attempt
 * to copy a model: an entry of the audit log, which webhooks pass on, and a line of the server's
 * log.
 */
@NullMarked
package dev.slipway.platform.protection;

import org.jspecify.annotations.NullMarked;
