/**
 * Measures the product from outside. Start at {@link dev.slipway.bench.SlipwayBench}; the published
 * figures and the commands that reproduce them are in docs/performance.md.
 */
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
