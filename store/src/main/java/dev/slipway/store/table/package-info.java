/**
 * Tables from files: {@link dev.slipway.store.table.TableFile} reads CSV and Parquet into memory,
 * within limits.
 */
@NullMarked
package dev.slipway.store.table;

import org.jspecify.annotations.NullMarked;
