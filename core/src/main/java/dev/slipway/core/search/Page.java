package dev.slipway.core.search;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param nextToken continues after the last item; empty if that was the end
 */
public record Page<T>(List<T> items, String nextToken) {
  public Page {
    items = List.copyOf(items);
  }

  /** The same page of what {@code items} are made into. */
  public <R> Page<R> withItems(Function<List<T>, List<R>> change) {
    return new Page<>(change.apply(items), nextToken);
  }
}
