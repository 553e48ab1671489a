/**
 * Readers of the model formats. Each turns the bytes of a file into a {@link
 * dev.slipway.engine.trees.ensemble.TreeEnsemble} or refuses them with a reason; none trusts a
 * count, an index or a nesting depth that it has not checked against the size of the file. Start at
 * {@link dev.slipway.engine.trees.format.TreeModelReader}.
 */
@NullMarked
package dev.slipway.engine.trees.format;

import org.jspecify.annotations.NullMarked;
