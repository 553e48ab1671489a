/** Reads a model from disk as the body of a registration. */
@NullMarked
package dev.slipway.cli.artifact;

import org.jspecify.annotations.NullMarked;
