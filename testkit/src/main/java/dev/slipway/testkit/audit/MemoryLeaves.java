package dev.slipway.testkit.audit;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.log.SequencedLeaves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Leaves in memory, which a test may also change as nobody should. Thread-safe. */
public final class MemoryLeaves implements SequencedLeaves {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

  private final List<byte[]> leaves = new ArrayList<>();

  /** Leaves that are numbered entries. */
  public static MemoryLeaves of(int count) {
    MemoryLeaves leaves = new MemoryLeaves();
    leaves.append(count);
    return leaves;
  }

  /** The numbered entry. */
  public static byte[] entry(long number) {
    return AuditEntry.of(
            new Actor.Component("test"),
            "deployment.changed",
            new Subject("deployment", "d" + number),
            START.plusSeconds(number))
        .toBytes();
  }

  /** Appends numbered entries. */
  public synchronized void append(int count) {
    for (int i = 0; i < count; i++) {
      leaves.add(entry(leaves.size()));
    }
  }

  public synchronized void append(byte[] leaf) {
    leaves.add(leaf.clone());
  }

  /** Changes a committed leaf. */
  public synchronized void tamper(int number, byte[] leaf) {
    leaves.set(number, leaf.clone());
  }

  /** Forgets the leaves from a number on, as an old backup would. */
  public synchronized void truncate(int count) {
    leaves.subList(count, leaves.size()).clear();
  }

  @Override
  public synchronized long count() {
    return leaves.size();
  }

  @Override
  public synchronized List<byte[]> read(long from, long to) {
    if (from < 0 || from > to || to > leaves.size()) {
      throw new IllegalArgumentException(
          "leaves %d to %d (expected: within 0 to %d)".formatted(from, to, leaves.size()));
    }
    return leaves.subList((int) from, (int) to).stream().map(byte[]::clone).toList();
  }
}
