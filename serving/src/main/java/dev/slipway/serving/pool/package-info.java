/**
 * Models in memory: each artifact once for its settings, within a budget of bytes, the least
 * recently used one out first and back in the background. Start at {@link
 * dev.slipway.serving.pool.ModelPool}.
 */
@NullMarked
package dev.slipway.serving.pool;

import org.jspecify.annotations.NullMarked;
