package dev.slipway.core.identity;

import dev.slipway.core.identity.Resource.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Allows one action on one model or deployment, or on all of them. Written {@code
 * infer:deployment/fraud}, with {@code *} for all, and {@code @1000/day} behind it for a budget.
 *
 * @param rowsPerDay rows that may be asked of each such deployment from midnight to midnight, UTC;
 *     {@link #SERVER_BUDGET} if it does not say
 */
public record Grant(Action action, Resource resource, long rowsPerDay) {
  /** The budget that the server has for all accounts counts. */
  public static final long SERVER_BUDGET = 0;

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z-]+):(model|deployment)/(\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127})"
              + "(?:@([1-9][0-9]{0,17})/day)?");

  /** One that says nothing of a budget. */
  public Grant(Action action, Resource resource) {
    this(action, resource, SERVER_BUDGET);
  }

  /**
   * @throws IllegalArgumentException if the action is not one that is taken on such a resource, or
   *     cannot be granted by itself, or has a budget and asks nothing of a deployment
   */
  public Grant {
    if (rowsPerDay != SERVER_BUDGET && (rowsPerDay < 0 || !isInference(action))) {
      throw new IllegalArgumentException(
          "grant: %s with a budget of %d rows (expected: infer, infer-rounded or infer-label, and >= 1)"
              .formatted(action.label(), rowsPerDay));
    }
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
          "grant: '%s' (expected: ACTION:model/NAME or ACTION:deployment/NAME, after infer also @ROWS/day, ACTION one of %s)"
              .formatted(
                  text.length() > 200 ? text.substring(0, 200) + "..." : text,
                  Arrays.stream(Action.values())
                      .filter(Action::isGrantable)
                      .map(Action::label)
                      .collect(Collectors.joining(", "))));
    }
    Kind kind = matcher.group(2).equals("model") ? Kind.MODEL : Kind.DEPLOYMENT;
    String rows = matcher.group(4);
    return new Grant(
        action.get(),
        new Resource(kind, matcher.group(3)),
        rows == null ? SERVER_BUDGET : Long.parseLong(rows));
  }

  boolean covers(Action wanted, Resource on) {
    return action == wanted && resource.covers(on);
  }

  /** Whether it is the same as another but for the budget. */
  boolean isSameRight(Grant other) {
    return action == other.action && resource.equals(other.resource);
  }

  boolean isInference() {
    return isInference(action);
  }

  private static boolean isInference(Action action) {
    return action == Action.INFER || action == Action.INFER_ROUNDED || action == Action.INFER_LABEL;
  }

  /** The written form. */
  @Override
  public String toString() {
    String right = action.label() + ":" + resource;
    return rowsPerDay == SERVER_BUDGET ? right : right + "@" + rowsPerDay + "/day";
  }
}
