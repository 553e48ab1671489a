package dev.slipway.core.identity;

import dev.slipway.core.identity.Resource.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Allows one action on one model or deployment, or on all of them. Written {@code
 * infer:deployment/fraud}, with {@code *} for all.
 */
public record Grant(Action action, Resource resource) {
  private static final Pattern FORM =
      Pattern.compile("([a-z-]+):(model|deployment)/(\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127})");

  /**
   * @throws IllegalArgumentException if the action is not one that is taken on such a resource, or
   *     cannot be granted by itself
   */
  public Grant {
    if (!action.isGrantable() || action.target() != resource.kind()) {
      throw new IllegalArgumentException(
          "grant: %s:%s (expected: an action on it, such as infer:deployment/fraud)"
              .formatted(action.label(), resource));
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Grant parse(String text) {
    Matcher matcher = FORM.matcher(text);
    Optional<Action> action =
        matcher.matches() ? Action.labelled(matcher.group(1)) : Optional.empty();
    if (action.isEmpty()) {
      throw new IllegalArgumentException(
          "grant: '%s' (expected: ACTION:model/NAME or ACTION:deployment/NAME, ACTION one of %s)"
              .formatted(
                  text.length() > 200 ? text.substring(0, 200) + "..." : text,
                  Arrays.stream(Action.values())
                      .filter(Action::isGrantable)
                      .map(Action::label)
                      .collect(Collectors.joining(", "))));
    }
    Kind kind = matcher.group(2).equals("model") ? Kind.MODEL : Kind.DEPLOYMENT;
    return new Grant(action.get(), new Resource(kind, matcher.group(3)));
  }

  boolean covers(Action wanted, Resource on) {
    return action == wanted && resource.covers(on);
  }

  /** The written form. */
  @Override
  public String toString() {
    return action.label() + ":" + resource;
  }
}
