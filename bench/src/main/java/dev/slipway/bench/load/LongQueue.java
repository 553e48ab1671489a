package dev.slipway.bench.load;

/** A first-in first-out queue of longs without boxing. Not thread-safe. */
final class LongQueue {
  private long[] ring = new long[1024];
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  void add(long value) {
    if (size == ring.length) {
      long[] larger = new long[ring.length * 2];
      for (int i = 0; i < size; i++) {
        larger[i] = ring[(head + i) & (ring.length - 1)];
      }
      ring = larger;
      head = 0;
    }
    ring[(head + size) & (ring.length - 1)] = value;
    size++;
  }

  /** Must not be empty. */
  long remove() {
    long value = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    return value;
  }
}
