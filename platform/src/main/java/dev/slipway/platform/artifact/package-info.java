/**
 * Files that runs log, and the frozen files of registered versions. Start at {@link
 * dev.slipway.platform.artifact.Artifacts}.
 */
@NullMarked
package dev.slipway.platform.artifact;

import org.jspecify.annotations.NullMarked;
