/** Backups of a running server. */
@NullMarked
package dev.slipway.platform.backup;

import org.jspecify.annotations.NullMarked;
