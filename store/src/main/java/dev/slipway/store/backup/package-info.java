/**
 * One file with everything that a server keeps, taken while it runs. The order of taking makes it
 * consistent: first the log's checkpoint and tiles, which the database then has all entries of,
 * then the database in one state, then the artifacts, of which that state names none that is not
 * there. Start at {@link dev.slipway.store.backup.BackupWriter}.
 */
@NullMarked
package dev.slipway.store.backup;

import org.jspecify.annotations.NullMarked;
