/** The tables of monitoring: the references of versions, and the cells counted on them. */
@NullMarked
package dev.slipway.store.monitor;

import org.jspecify.annotations.NullMarked;
