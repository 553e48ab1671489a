package dev.slipway.core.model;

/**
 * How a model is run.
 *
 * @param engine {@code auto}, {@code onnx}, {@code trees} or {@code remote}
 * @param provider device of ONNX Runtime
 * @param intraOpThreads threads inside one run, {@code >= 1}
 * @param instances how many runs each event loop may have going at the same time; 0 means
 *     automatic. Runs happen on workers, which all loops share, or on the loop itself
 */
public record EngineSettings(
    String engine,
    ExecutionProvider provider,
    int intraOpThreads,
    int instances,
    Scheduling scheduling) {
  public static final String AUTO_ENGINE = "auto";

  public static final EngineSettings DEFAULT =
      new EngineSettings(AUTO_ENGINE, ExecutionProvider.CPU, 1, 0, Scheduling.AUTO);

  /** Where runs happen. */
  public enum Scheduling {
    /** The server's choice, from its own measurement of the model. */
    AUTO,
    /** At once, on the event loop: for models that cost a few microseconds. */
    INLINE,
    /** Once per pass of the event loop, over all that arrived in it. */
    TURN,
    /** On bounded workers, which take what is queued whenever they are free. */
    WORKER
  }

  public EngineSettings {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException(
          "intra_op_threads: %d (expected: >= 1)".formatted(intraOpThreads));
    }
    if (instances < 0) {
      throw new IllegalArgumentException("instances: %d (expected: >= 0)".formatted(instances));
    }
  }
}
