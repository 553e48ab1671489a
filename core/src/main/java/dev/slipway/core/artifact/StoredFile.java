package dev.slipway.core.artifact;

import java.io.InputStream;
import java.nio.file.Path;

/** The bytes of an artifact, to be read and not to be changed. */
public sealed interface StoredFile {
  /** A file of this machine, which an event loop can send by itself. */
  record OnDisk(Path file) implements StoredFile {}

  /**
   * A file that lies elsewhere and comes as it is read.
   *
   * @param content gives exactly so many bytes or throws a {@link
   *     dev.slipway.core.error.SlipwayException}; whoever has it closes it
   */
  record Streamed(long sizeBytes, InputStream content) implements StoredFile {}
}
