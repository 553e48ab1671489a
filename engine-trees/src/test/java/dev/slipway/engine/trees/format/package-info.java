/** Tests that readers refuse damaged and foreign files and never hang. */
@NullMarked
package dev.slipway.engine.trees.format;

import org.jspecify.annotations.NullMarked;
