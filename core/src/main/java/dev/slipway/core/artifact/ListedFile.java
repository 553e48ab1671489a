package dev.slipway.core.artifact;

/**
 * A file or folder in a folder.
 *
 * @param name its last name
 * @param sizeBytes 0 for a folder
 */
public record ListedFile(String name, boolean isFolder, long sizeBytes) {}
