/**
 * Ensembles compiled to flat arrays, and the loops that run them. Everything here is about speed;
 * what a model means is settled in {@code ensemble}. Start at {@link
 * dev.slipway.engine.trees.forest.CompiledEnsemble}.
 */
@NullMarked
package dev.slipway.engine.trees.forest;

import org.jspecify.annotations.NullMarked;
