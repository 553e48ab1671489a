package dev.slipway.engine.trees.ensemble;

/**
 * The test of an inner node: a row goes to the first child if its value is in the set.
 *
 * @param feature column of the input, {@code >= 0}
 * @param accepted keys that go to the first child
 * @param nanFirst whether NaN, a missing value, goes to the first child
 */
public record Split(int feature, KeySet accepted, boolean nanFirst) {}
