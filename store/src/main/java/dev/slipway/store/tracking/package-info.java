/**
 * Experiments, runs and logged models in the control database. Start at {@link
 * dev.slipway.store.tracking.RunTables}. Each class here runs SQL inside a transaction that its
 * caller owns; rules about names, states and sizes are the caller's.
 */
@NullMarked
package dev.slipway.store.tracking;

import org.jspecify.annotations.NullMarked;
