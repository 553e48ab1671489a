/**
 * Counts what variants are asked and what they answer, on the bins of their references.
 *
 * <pre>
 * answered request --count--> RowCounter of its variant and event loop      (no lock, no clock)
 *                                 |  every few seconds, and at each window's end
 *                                 v
 *                               Cell --> CellSink
 * </pre>
 *
 * All of it happens on the event loop's thread, so that a cell is always whole.
 */
@NullMarked
package dev.slipway.serving.cells;

import org.jspecify.annotations.NullMarked;
