/**
 * Tells other servers what was decided. The {@link dev.slipway.platform.webhook.WebhookDelivery}
 * reads the entries of the audit log that are committed, from where each webhook was told last, and
 * sends those that it asks for as CloudEvents: at least once, in order, whatever is stopped
 * meanwhile. Where messages may go, {@link dev.slipway.platform.webhook.WebhookTargets} decides
 * each time.
 */
@NullMarked
package dev.slipway.platform.webhook;

import org.jspecify.annotations.NullMarked;
