/**
 * What is counted while a version answers.
 *
 * <p>A {@link dev.slipway.core.drift.cell.VersionReference} is frozen with a version: the bins of
 * every input and output, and how its training data fell into them. Each event loop counts the rows
 * it answers on these bins, in one {@link dev.slipway.core.drift.cell.Cell} for five minutes. Of
 * one cell the fullest counts, and different cells are added, so that neither a retry nor a cell
 * that comes late or twice changes the sum.
 */
@NullMarked
package dev.slipway.core.drift.cell;

import org.jspecify.annotations.NullMarked;
