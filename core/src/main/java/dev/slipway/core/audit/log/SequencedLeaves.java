package dev.slipway.core.audit.log;

import java.util.List;

/**
 * The leaves that were committed together with what they describe, numbered from 0 without gaps. A
 * committed leaf never changes. Thread-safe.
 */
public interface SequencedLeaves {
  /** How many leaves are committed: all numbers below this are there. */
  long count();

  /**
   * Reads neighbouring leaves, in order.
   *
   * @param from in {@code [0, to]}
   * @param to exclusive, at most {@link #count}
   * @return exactly {@code to - from} leaves
   * @throws IllegalArgumentException if the range is not one of committed leaves
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if they cannot be read,
   *     STORE_CORRUPT if one of them is missing
   */
  List<byte[]> read(long from, long to);
}
