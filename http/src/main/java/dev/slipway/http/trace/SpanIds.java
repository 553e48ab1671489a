package dev.slipway.http.trace;

import java.util.HexFormat;

/**
 * Makes span ids from a splitmix64 sequence with a random start. Belongs to one event loop; not
 * thread-safe. Not for secrets.
 */
public final class SpanIds {
  private long state;

  /**
   * @param seed random, so that two loops do not share a sequence
   */
  public SpanIds(long seed) {
    state = seed;
  }

  /** 16 hexadecimal digits, never all zero. */
  public String next() {
    long id = 0;
    while (id == 0) {
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      id = mixed ^ (mixed >>> 31);
    }
    return HexFormat.of().toHexDigits(id);
  }
}
