package dev.slipway.serving.engine;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import java.nio.file.Path;

/**
 * A frozen artifact on the local disk. Nobody writes below {@code root} any more.
 *
 * @param root folder of the artifact
 * @param primaryFile model file, below {@code root}
 */
public record ModelArtifact(
    ArtifactDigest digest, ArtifactFormat format, Path root, Path primaryFile) {}
