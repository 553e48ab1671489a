/** The table of what accounts asked of deployments. */
@NullMarked
package dev.slipway.store.protection;

import org.jspecify.annotations.NullMarked;
