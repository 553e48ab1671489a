package dev.slipway.store.blob;

import dev.slipway.core.model.ArtifactDigest;
import java.nio.file.Path;

/**
 * A frozen artifact on the local disk.
 *
 * @param root folder that holds its files; nobody writes below it any more
 * @param sizeBytes sum of its files' sizes
 * @param files number of its files
 */
public record FrozenTree(ArtifactDigest digest, Path root, long sizeBytes, int files) {}
