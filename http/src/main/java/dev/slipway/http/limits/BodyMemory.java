package dev.slipway.http.limits;

/**
 * Counts the bytes of all bodies that one event loop is collecting, so that many half-sent bodies
 * together cannot exhaust the memory. Belongs to its event loop; not thread-safe.
 */
public final class BodyMemory {
  private final long bytesMax;
  private long bytes;

  /**
   * @param bytesMax most bytes collected at the same time
   */
  public BodyMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes {@code count} bytes.
   *
   * @return false, taking nothing, where that would pass the limit
   */
  public boolean tryTake(long count) {
    if (count > bytesMax - bytes) {
      return false;
    }
    bytes += count;
    return true;
  }

  public void giveBack(long count) {
    bytes -= count;
  }

  /** Bytes taken and not given back. */
  public long bytes() {
    return bytes;
  }
}
