/**
 * Answers equal requests without running the model, where a version's owner declares it
 * deterministic. One {@link dev.slipway.serving.cache.ResponseCache} per event loop, so that no
 * look-up takes a lock.
 */
@NullMarked
package dev.slipway.serving.cache;

import org.jspecify.annotations.NullMarked;
