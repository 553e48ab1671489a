/**
 * Rows with known outcomes. A {@link dev.slipway.platform.governance.holdout.Holdout} is read from
 * a CSV or Parquet file and named by its bytes.
 */
@NullMarked
package dev.slipway.platform.governance.holdout;

import org.jspecify.annotations.NullMarked;
