/**
 * Tables as models see them. {@link dev.slipway.platform.rows.RowTensors} spreads columns over
 * inputs, and a {@link dev.slipway.platform.rows.RowModel} answers rows with a version that is
 * loaded for nothing else.
 */
@NullMarked
package dev.slipway.platform.rows;

import org.jspecify.annotations.NullMarked;
