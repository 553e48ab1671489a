package dev.slipway.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The live variants of one deployment.
 *
 * @param salt makes the buckets of this deployment independent of every other's
 */
public record DeploymentRoute(String name, String salt, List<VariantRoute> variants) {
  public DeploymentRoute {
    variants = List.copyOf(variants);
    int sum = variants.stream().mapToInt(VariantRoute::weight).sum();
    if (sum != VariantRoute.FULL_WEIGHT) {
      throw new IllegalArgumentException(
          "deployment %s: weights add up to %d (expected: %d)"
              .formatted(name, sum, VariantRoute.FULL_WEIGHT));
    }
  }

  /**
   * The variant that answers requests of this routing key: the same key always gets the same
   * variant while the weights stay, and moving a weight moves only the keys in the difference.
   */
  public VariantRoute choose(String routingKey) {
    if (variants.size() == 1) {
      return variants.get(0);
    }
    int bucket = bucket(salt, routingKey);
    int upper = 0;
    for (VariantRoute variant : variants) {
      upper += variant.weight();
      if (bucket < upper) {
        return variant;
      }
    }
    throw new IllegalStateException("bucket " + bucket + " beyond the weights of " + name);
  }

  /**
   * FNV-1a over salt, a zero byte and key, finished with MurmurHash3's 64-bit mixer, in {@code [0,
   * 10000)}.
   */
  public static int bucket(String salt, String key) {
    long hash = fnv1a(0xcbf29ce484222325L, salt);
    hash = fnv1a(hash * 0x100000001b3L, key);
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return (int) Long.remainderUnsigned(hash, VariantRoute.FULL_WEIGHT);
  }

  private static long fnv1a(long start, String text) {
    long hash = start;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
