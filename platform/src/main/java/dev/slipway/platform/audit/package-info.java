/**
 * The tamper-evident log of what was changed here. Start at {@link
 * dev.slipway.platform.audit.AuditTrail}.
 *
 * <pre>
 * use case --one transaction--> state + entry          AuditedControlStore
 *                                       |
 *                              a wake-up, may be lost  AuditTrail
 *                                       v
 *          tiles, synced --> checkpoint signed, kept aside --> published
 * </pre>
 *
 * A change is acknowledged after the first arrow. What follows is derived from the numbers of the
 * entries alone and goes on in the background; where it cannot keep up, changes are refused.
 */
@NullMarked
package dev.slipway.platform.audit;

import org.jspecify.annotations.NullMarked;
