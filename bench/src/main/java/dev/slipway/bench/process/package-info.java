/** Servers under measurement, each in a process of its own. */
@NullMarked
package dev.slipway.bench.process;

import org.jspecify.annotations.NullMarked;
