/**
 * How sequenced leaves become a signed tree. {@link dev.slipway.core.audit.log.Integration} decides
 * the next step from what is durable, so that it can be asked again after a crash anywhere; {@link
 * dev.slipway.core.audit.log.TileRows} grows the tree and hands out its files.
 */
@NullMarked
package dev.slipway.core.audit.log;

import org.jspecify.annotations.NullMarked;
