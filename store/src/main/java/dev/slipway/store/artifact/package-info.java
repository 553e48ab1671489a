/**
 * Files that runs and logged models log, under paths that callers choose. Start at {@link
 * dev.slipway.store.artifact.ArtifactStore}: they lie in a folder, or in a bucket, or in a bucket
 * with what was logged before there was one in a folder. Registered versions never rest on these
 * files but on frozen copies.
 */
@NullMarked
package dev.slipway.store.artifact;

import org.jspecify.annotations.NullMarked;
