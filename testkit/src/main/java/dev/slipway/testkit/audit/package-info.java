/**
 * The contract of {@link dev.slipway.core.audit.log.SequencedLeaves}, and leaves in memory that
 * pass it.
 */
@NullMarked
package dev.slipway.testkit.audit;

import org.jspecify.annotations.NullMarked;
