package dev.slipway.core.tracking;

/**
 * What names a dataset.
 *
 * @param digest empty means any
 */
public record DatasetKey(String name, String digest) {}
