/** Tests of the tree engine against the real libraries, by golden files and in the JVM. */
@NullMarked
package dev.slipway.engine.trees;

import org.jspecify.annotations.NullMarked;
