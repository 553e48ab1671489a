/**
 * Artifacts, frozen and named by content. Start at {@link dev.slipway.store.blob.BlobStore}; what a
 * digest covers is defined in {@link dev.slipway.store.blob.TreeDigest}.
 */
@NullMarked
package dev.slipway.store.blob;

import org.jspecify.annotations.NullMarked;
