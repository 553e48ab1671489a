/**
 * The tree-ensemble engine: XGBoost, LightGBM and ONNX tree models run in the JVM, without native
 * code. Start at {@link dev.slipway.engine.trees.TreeEngine}. A reader in {@code format} turns a
 * file into one immutable description ({@code ensemble}), which {@code forest} compiles to flat
 * arrays.
 */
@NullMarked
package dev.slipway.engine.trees;

import org.jspecify.annotations.NullMarked;
