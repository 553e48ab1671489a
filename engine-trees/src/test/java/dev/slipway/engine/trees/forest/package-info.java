/** Tests that every layout finds the leaves that the obvious walk finds. */
@NullMarked
package dev.slipway.engine.trees.forest;

import org.jspecify.annotations.NullMarked;
