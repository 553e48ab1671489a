/**
 * Paths and bytes of the files that runs log. Start at {@link
 * dev.slipway.core.artifact.ArtifactPath}.
 */
@NullMarked
package dev.slipway.core.artifact;

import org.jspecify.annotations.NullMarked;
