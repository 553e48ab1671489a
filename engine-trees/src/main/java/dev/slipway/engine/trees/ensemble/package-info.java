/**
 * What a tree model says, whatever file it came from: tests on ordered keys, leaf values, how
 * scores add up, and the link from scores to outputs. Pure and immutable; knows neither files nor
 * speed. Start at {@link dev.slipway.engine.trees.ensemble.TreeEnsemble}.
 */
@NullMarked
package dev.slipway.engine.trees.ensemble;

import org.jspecify.annotations.NullMarked;
