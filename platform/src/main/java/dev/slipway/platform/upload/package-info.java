/**
 * Artifacts that arrive over a wire, put together on disk. Start at {@link
 * dev.slipway.platform.upload.Uploads}. What comes in is somebody else's: every path and size is
 * checked before it is written.
 */
@NullMarked
package dev.slipway.platform.upload;

import org.jspecify.annotations.NullMarked;
