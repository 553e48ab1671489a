package dev.slipway.store.artifact;

/**
 * A file that has arrived and is not in its place yet, so that it can be spoken of before it
 * appears. Closing it without {@link #keep} forgets it. Not thread-safe.
 */
public interface ArrivedFile extends AutoCloseable {
  long sizeBytes();

  /** Digest of its bytes, 64 hexadecimal digits. */
  String sha256();

  /**
   * Puts the file in its place, where it appears as a whole; what was there is replaced. When this
   * returns it survives a power failure.
   *
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST if a folder is there, or a file
   *     where a folder is needed; STORE_UNAVAILABLE if it cannot be written, and then it is there
   *     as a whole or not at all
   */
  void keep();

  @Override
  void close();
}
