/**
 * Sees what models do. How counts flow:
 *
 * <pre>
 * training rows --ReferenceBuilder--> VersionReference --References--> database, audit log
 *                                           |
 * event loops --Cell--> CellKeeper --every few seconds--> database --roll-up--> hours, days
 *                                           |
 *                      DriftMonitor <-------+   sums cells to windows and judges them
 * </pre>
 *
 * Statistics are {@link dev.slipway.core.drift}'s.
 */
@NullMarked
package dev.slipway.platform.monitor;

import org.jspecify.annotations.NullMarked;
