/**
 * Rows with known outcomes, and how versions answer them. A {@link
 * dev.slipway.platform.governance.holdout.Holdout} is read from a CSV or Parquet file and named by
 * its bytes; a {@link dev.slipway.platform.governance.holdout.RowModel} answers its rows with a
 * version that is loaded for nothing else.
 */
@NullMarked
package dev.slipway.platform.governance.holdout;

import org.jspecify.annotations.NullMarked;
