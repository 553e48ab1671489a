/** Engines, loops and requests that tests write by hand. */
@NullMarked
package dev.slipway.serving.testing;

import org.jspecify.annotations.NullMarked;
