/**
 * Webhooks, and how far each has been told of the audit log. What is to be told is the log itself,
 * so that nothing committed can be lost between the two.
 */
@NullMarked
package dev.slipway.store.webhook;

import org.jspecify.annotations.NullMarked;
