/** The memory that requests live in: one single-threaded pool of direct buffers per event loop. */
@NullMarked
package dev.slipway.serving.buffers;

import org.jspecify.annotations.NullMarked;
