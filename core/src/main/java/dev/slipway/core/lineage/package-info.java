/** Where a version comes from and where it went: data, run, version, promotions, deployments. */
@NullMarked
package dev.slipway.core.lineage;

import org.jspecify.annotations.NullMarked;
