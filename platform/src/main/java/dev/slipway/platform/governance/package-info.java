/**
 * Promotions: who asks for a version where it matters, which gates it passes, who approves it, and
 * that exactly this goes live. Decisions are {@link dev.slipway.core.governance}'s; here they are
 * loaded, committed with their entry of the audit log, and carried out. Start at {@link
 * dev.slipway.platform.governance.Promotions}.
 */
@NullMarked
package dev.slipway.platform.governance;

import org.jspecify.annotations.NullMarked;
