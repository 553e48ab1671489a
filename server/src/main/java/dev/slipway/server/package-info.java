/**
 * The assembly: {@code Slipway.start} builds everything with constructors, top to bottom, and
 * {@code SlipwayMain} runs it as a process.
 */
@NullMarked
package dev.slipway.server;

import org.jspecify.annotations.NullMarked;
