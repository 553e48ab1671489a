package dev.slipway.example.fraud;

import java.util.SplittableRandom;

/**
 * Random numbers that are the same on every machine: a stream is named by a seed and a path of
 * numbers, and the transcendental functions are StrictMath's. Not thread-safe.
 */
final class RandomStream {
  private final SplittableRandom random;

  private RandomStream(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The stream of this path; different paths give independent streams. */
  static RandomStream of(long seed, long... path) {
    long mixed = mix(seed);
    for (long step : path) {
      mixed = mix(mixed ^ mix(step + 0x9E3779B97F4A7C15L));
    }
    return new RandomStream(mixed);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return random.nextDouble();
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** Uniform in [0, bound). */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Standard normal, by the polar form of Box and Muller. */
  double gaussian() {
    while (true) {
      double u = uniform(-1, 1);
      double v = uniform(-1, 1);
      double square = u * u + v * v;
      if (square > 0 && square < 1) {
        return u * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }

  /** Log-normal with this median; {@code spread} is the deviation of the logarithm. */
  double logNormal(double median, double spread) {
    return median * StrictMath.exp(spread * gaussian());
  }

  /** Poisson, by multiplication of uniforms: for means below about 30. */
  int poisson(double mean) {
    double limit = StrictMath.exp(-mean);
    int count = 0;
    for (double product = uniform(); product > limit; product *= uniform()) {
      count++;
    }
    return count;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
