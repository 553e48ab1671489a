package dev.slipway.core.drift.evidently;

/** What a column is judged by. */
public enum EvidentlyTest {
  PSI("psi", 0.1, false),
  KULLBACK_LEIBLER("kl_div", 0.1, false),
  JENSEN_SHANNON("jensenshannon", 0.1, false),
  WASSERSTEIN("wasserstein", 0.1, false),
  KOLMOGOROV_SMIRNOV("ks", 0.05, true),
  CHI_SQUARE("chisquare", 0.05, true),
  Z("z", 0.05, true);

  private final String label;
  private final double threshold;
  private final boolean pValue;

  EvidentlyTest(String label, double threshold, boolean pValue) {
    this.label = label;
    this.threshold = threshold;
    this.pValue = pValue;
  }

  /** The name under which the library has it. */
  public String label() {
    return label;
  }

  /** The library's own threshold. */
  public double threshold() {
    return threshold;
  }

  /** Whether the value is a p-value, where little means drift; else it is a distance. */
  public boolean isPValue() {
    return pValue;
  }

  public boolean isDrift(double value, double threshold) {
    return pValue ? value < threshold : value >= threshold;
  }
}
