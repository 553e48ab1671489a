/** Tests of keys and key sets. */
@NullMarked
package dev.slipway.engine.trees.ensemble;

import org.jspecify.annotations.NullMarked;
