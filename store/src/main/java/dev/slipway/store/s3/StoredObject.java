package dev.slipway.store.s3;

/**
 * An object of a bucket.
 *
 * @param key relative to the bucket's prefix
 * @param bytes its length
 */
public record StoredObject(String key, long bytes) {}
