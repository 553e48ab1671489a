package dev.slipway.core.inference;

/** The protocol a request came by; the label {@code protocol} of every serving metric. */
public enum Protocol {
  REST("rest"),
  GRPC("grpc"),
  KSERVE_V1("v1"),
  /** Calls from within: warm-up, profiling, demos. */
  INTERNAL("internal");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
