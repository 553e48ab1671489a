/** The folder that holds all state of one server, its version and its lock. */
@NullMarked
package dev.slipway.store.data;

import org.jspecify.annotations.NullMarked;
