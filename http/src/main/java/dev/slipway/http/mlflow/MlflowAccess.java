package dev.slipway.http.mlflow;

import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import java.util.Set;

/**
 * What a caller has to be allowed for an operation. What reads needs {@code read-model}; what
 * changes the registry needs {@code register} on the model, and everything else {@code track}.
 */
record MlflowAccess(Action action) {
  private static final Set<String> REGISTRY = Set.of("registered-models", "model-versions");

  /** Operations that read though they are asked by POST. */
  private static final Set<String> READING = Set.of("search", "get-latest-versions");

  static MlflowAccess of(MlflowRoute route) {
    boolean reads = route.method().equals("GET") || READING.contains(route.pattern().getLast());
    boolean registry = REGISTRY.contains(route.pattern().getFirst());
    return new MlflowAccess(reads ? Action.READ_MODEL : registry ? Action.REGISTER : Action.TRACK);
  }

  /** Of the proxied files. */
  static MlflowAccess ofArtifacts(String method) {
    return new MlflowAccess(method.equals("GET") ? Action.READ_MODEL : Action.TRACK);
  }

  /**
   * What it is taken on.
   *
   * @param name of the model; empty means none in particular
   */
  Resource on(String name) {
    return action.target() == Resource.Kind.SERVER
        ? Resource.SERVER
        : Resource.model(name.isEmpty() ? Resource.ALL : name);
  }
}
