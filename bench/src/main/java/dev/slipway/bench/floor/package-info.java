/**
 * What the same stack does when it does nothing: the denominators of the published ratios. Start at
 * {@link dev.slipway.bench.floor.FloorServer}.
 */
@NullMarked
package dev.slipway.bench.floor;

import org.jspecify.annotations.NullMarked;
