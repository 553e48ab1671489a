package dev.slipway.core.tracking;

import java.util.List;
import java.util.Map;

/**
 * A model as a run left it, before anybody registered it. Texts are empty where there is nothing to
 * say.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 */
public record LoggedModel(
    String id,
    long experimentId,
    String name,
    String modelType,
    String sourceRunId,
    String artifactUri,
    Status status,
    Lifecycle lifecycle,
    long createdMillis,
    long updatedMillis,
    Map<String, String> params,
    Map<String, String> tags,
    List<Metric> metrics) {
  public LoggedModel {
    metrics = List.copyOf(metrics);
  }

  /** How far its files have come. */
  public enum Status {
    PENDING,
    READY,
    UPLOAD_FAILED
  }
}
