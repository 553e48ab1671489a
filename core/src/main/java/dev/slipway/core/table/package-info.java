/**
 * Rows with named columns, such as held-out ones with known outcomes. A {@link
 * dev.slipway.core.table.Table} lies in memory, column by column; {@link
 * dev.slipway.core.table.CsvTable} makes one of text that somebody else reads.
 */
@NullMarked
package dev.slipway.core.table;

import org.jspecify.annotations.NullMarked;
