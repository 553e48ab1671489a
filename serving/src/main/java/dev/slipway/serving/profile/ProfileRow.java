package dev.slipway.serving.profile;

import dev.slipway.core.model.ExecutionProvider;

/**
 * One measurement.
 *
 * @param engine name of the engine
 * @param batch rows in each run, {@code >= 1}
 * @param threads threads inside one run, {@code >= 1}
 * @param microsPerRun median time of a run in microseconds
 */
public record ProfileRow(
    String engine, ExecutionProvider provider, int batch, int threads, double microsPerRun) {
  /** Rows that one caller gets through in a second. */
  public double rowsPerSecond() {
    return batch * 1e6 / microsPerRun;
  }

  double microsPerRow() {
    return microsPerRun / batch;
  }
}
