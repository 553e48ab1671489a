package dev.slipway.store.tracking;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Ordering;

/** Refusals of orders. */
final class Orders {
  private Orders() {}

  static SlipwayException unknown(Ordering order, String expected) {
    String identifier = order.entity().isEmpty() ? order.key() : order.entity() + "." + order.key();
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "order_by: %s (expected: %s)".formatted(identifier, expected));
  }
}
