package dev.slipway.serving.metrics;

import dev.slipway.core.inference.Protocol;
import java.util.Arrays;

/** Answered requests by outcome and protocol. Immutable. */
public final class RequestCounts {
  private static final int PROTOCOLS = Protocol.values().length;

  static final int CELLS = Outcome.values().length * PROTOCOLS;

  private final long[] cells;

  RequestCounts(long[] cells) {
    this.cells = cells;
  }

  // Counters of one process: an index by enum constant is never stored.
  @SuppressWarnings("EnumOrdinal")
  static int cell(Outcome outcome, Protocol protocol) {
    return outcome.ordinal() * PROTOCOLS + protocol.ordinal();
  }

  public long count(Outcome outcome, Protocol protocol) {
    return cells[cell(outcome, protocol)];
  }

  public long count(Outcome outcome) {
    long count = 0;
    for (Protocol protocol : Protocol.values()) {
      count += count(outcome, protocol);
    }
    return count;
  }

  public long total() {
    return Arrays.stream(cells).sum();
  }

  public RequestCounts plus(RequestCounts other) {
    long[] added = cells.clone();
    for (int i = 0; i < added.length; i++) {
      added[i] += other.cells[i];
    }
    return new RequestCounts(added);
  }
}
