package dev.slipway.example.fraud;

import java.util.Arrays;

/**
 * A ring of (second, value) pairs, added at the end and dropped at the beginning. Each keeps the
 * index it was added under: 0, 1, 2, ... Not thread-safe.
 */
final class EventQueue {
  private static final int FIRST_CAPACITY = 8;

  private int[] seconds = new int[FIRST_CAPACITY];
  private int[] values = new int[FIRST_CAPACITY];
  private long begin;
  private long end;

  /** Index of the oldest event kept. */
  long begin() {
    return begin;
  }

  /** Index that the next event will have. */
  long end() {
    return end;
  }

  int seconds(long index) {
    return seconds[slot(index)];
  }

  int value(long index) {
    return values[slot(index)];
  }

  void add(int second, int value) {
    if (end - begin == seconds.length) {
      grow();
    }
    seconds[slot(end)] = second;
    values[slot(end)] = value;
    end++;
  }

  void dropBefore(long index) {
    begin = index;
  }

  private int slot(long index) {
    return (int) (index & (seconds.length - 1));
  }

  private void grow() {
    int[] oldSeconds = seconds;
    int[] oldValues = values;
    int oldMask = oldSeconds.length - 1;
    seconds = Arrays.copyOf(oldSeconds, oldSeconds.length * 2);
    values = Arrays.copyOf(oldValues, oldValues.length * 2);
    for (long index = begin; index < end; index++) {
      seconds[slot(index)] = oldSeconds[(int) (index & oldMask)];
      values[slot(index)] = oldValues[(int) (index & oldMask)];
    }
  }
}
