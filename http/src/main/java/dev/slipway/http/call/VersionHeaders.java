package dev.slipway.http.call;

import dev.slipway.core.model.ModelVersion;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.IdentityHashMap;

/**
 * Writes the headers that name the version which answered. Their values are prepared once a
 * version: a digest is long, and HTTP/2's header table compares it for each answer. Belongs to one
 * event loop.
 */
public final class VersionHeaders {
  private static final int REMEMBERED_MAX = 1_000;

  private final IdentityHashMap<ModelVersion, Values> prepared = new IdentityHashMap<>();

  private record Values(CharSequence number, CharSequence digest) {}

  /** Adds the headers, which must not be there yet. */
  public void write(MultiMap headers, ModelVersion version) {
    Values values = prepared.get(version);
    if (values == null) {
      values = prepare(version);
    }
    headers.add(Headers.MODEL_VERSION, values.number());
    headers.add(Headers.ARTIFACT_DIGEST, values.digest());
  }

  private Values prepare(ModelVersion version) {
    if (prepared.size() >= REMEMBERED_MAX) {
      prepared.clear();
    }
    Values values =
        new Values(
            HttpHeaders.createOptimized(Integer.toString(version.ref().version())),
            HttpHeaders.createOptimized(version.digest().value()));
    prepared.put(version, values);
    return values;
  }
}
