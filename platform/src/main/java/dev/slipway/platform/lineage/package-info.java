/** Puts together where a version comes from and where it went. */
@NullMarked
package dev.slipway.platform.lineage;

import org.jspecify.annotations.NullMarked;
