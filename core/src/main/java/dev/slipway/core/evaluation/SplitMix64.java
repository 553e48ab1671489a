package dev.slipway.core.evaluation;

/**
 * A small generator whose numbers a seed fixes for all time, whatever the JDK: SplitMix64 of
 * Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014). Not for secrets.
 */
final class SplitMix64 {
  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * A number of 0..bound-1; each is as likely as another up to bound / 2^32.
   *
   * @param bound {@code >= 1}
   */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }
}
