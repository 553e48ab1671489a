/**
 * Artifacts, frozen and named by content, on this disk or in a bucket with copies on this disk.
 * Start at {@link dev.slipway.store.blob.BlobStore}; what a digest covers is defined in {@link
 * dev.slipway.store.blob.TreeDigest}.
 */
@NullMarked
package dev.slipway.store.blob;

import org.jspecify.annotations.NullMarked;
