package dev.slipway.serving.profile;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import java.util.List;

/**
 * What profiling a model found.
 *
 * @param rows in the order of measurement, at least one
 * @param unavailable what could not be measured, and why
 */
public record ModelProfile(
    List<ProfileRow> rows, List<Unavailable> unavailable, Recommendation recommended) {
  public ModelProfile {
    rows = List.copyOf(rows);
    unavailable = List.copyOf(unavailable);
  }

  /**
   * A way to run the model that this machine lacks.
   *
   * @param reason names what is missing and how to mend it
   */
  public record Unavailable(String engine, ExecutionProvider provider, String reason) {}

  /**
   * Settings for serving the model on this machine.
   *
   * @param maxBatchSize 0 means automatic, which never refuses a larger request
   * @param why the figures behind it, in words
   */
  public record Recommendation(
      String engine,
      ExecutionProvider provider,
      int maxBatchSize,
      int intraOpThreads,
      Scheduling scheduling,
      String why) {}
}
