package dev.slipway.serving.metrics;

/**
 * Names a variant in metrics.
 *
 * @param deployment empty for requests that named no deployment there is
 * @param version 0 for requests refused before a version was chosen
 */
public record VariantKey(String deployment, int version) implements Comparable<VariantKey> {
  /** Requests that named no deployment there is. */
  public static final VariantKey UNKNOWN = new VariantKey("", 0);

  @Override
  public int compareTo(VariantKey other) {
    int byName = deployment.compareTo(other.deployment);
    return byName != 0 ? byName : Integer.compare(version, other.version);
  }
}
