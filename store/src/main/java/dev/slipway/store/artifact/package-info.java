/**
 * Files that runs log, under paths that callers choose. Start at {@link
 * dev.slipway.store.artifact.ArtifactFolder}. Registered versions never rest on these files but on
 * frozen copies.
 */
@NullMarked
package dev.slipway.store.artifact;

import org.jspecify.annotations.NullMarked;
