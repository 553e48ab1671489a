package dev.slipway.serving.metrics;

/** A part of a request's life; the label {@code stage} of the latency metrics. */
public enum Stage {
  /** From the first byte handled to the end of decoding. */
  DECODE("decode"),
  /** From submission to the start of the run, validation included. */
  QUEUE("queue"),
  /** The run of the batch that the request was in. */
  INFER("infer"),
  /** Making the answer's bytes. */
  ENCODE("encode"),
  /** From the first byte handled to the answer handed to the network. */
  END_TO_END("end_to_end");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
