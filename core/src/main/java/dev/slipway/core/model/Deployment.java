package dev.slipway.core.model;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.time.Instant;

/**
 * A named endpoint that serves one registered model.
 *
 * @param name what clients address as the V2 model name
 * @param environment where it answers; it never changes
 * @param current version number that serves
 * @param previous version number that served before; 0 means none. Undo swaps it with {@code
 *     current}, so that a second undo is a redo
 * @param revision counts the changes of this deployment from 1
 */
public record Deployment(
    String name,
    Environment environment,
    String model,
    int current,
    int previous,
    long revision,
    Instant changedAt) {
  /** A deployment that did not exist before. */
  public static Deployment first(String name, Environment environment, ModelRef ref, Instant now) {
    return new Deployment(name, environment, ref.model(), ref.version(), 0, 1, now);
  }

  /**
   * This deployment after {@code ref} took over.
   *
   * @throws SlipwayException CONFLICT if {@code ref} is a version of another model
   */
  public Deployment deployed(ModelRef ref, Instant now) {
    if (!ref.model().equals(model)) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "deployment %s serves model %s (expected: a version of it, not %s)"
              .formatted(name, model, ref));
    }
    return new Deployment(name, environment, model, ref.version(), current, revision + 1, now);
  }

  /**
   * This deployment after its current and its previous version changed places.
   *
   * @throws SlipwayException NOTHING_TO_UNDO if no version served before
   */
  public Deployment undone(Instant now) {
    if (previous == 0) {
      throw new SlipwayException(
          ErrorCode.NOTHING_TO_UNDO,
          "deployment %s has served no other version than %s".formatted(name, currentRef()));
    }
    return new Deployment(
        name,
        environment,
        model,
        /* current= */ previous,
        /* previous= */ current,
        revision + 1,
        now);
  }

  public ModelRef currentRef() {
    return new ModelRef(model, current);
  }
}
