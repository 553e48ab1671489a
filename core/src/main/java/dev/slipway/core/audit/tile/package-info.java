/**
 * The log as static files (c2sp.org/tlog-tiles). {@link dev.slipway.core.audit.tile.LogPath} names
 * them, {@link dev.slipway.core.audit.tile.Tile} and {@link
 * dev.slipway.core.audit.tile.EntryBundle} are what they hold, and {@link
 * dev.slipway.core.audit.tile.TileReader} reads those of a tree of a given size from any {@link
 * dev.slipway.core.audit.tile.TileSource}.
 */
@NullMarked
package dev.slipway.core.audit.tile;

import org.jspecify.annotations.NullMarked;
