package dev.slipway.serving.batching;

import org.jspecify.annotations.Nullable;

/**
 * Waiting requests by priority, first come first served within one, each removable in constant
 * time.
 *
 * <p>Level 0 holds requests that run again, alone, after their batch failed; levels 1 to {@code
 * priorities} are the callers'; the last holds requests that waited longer than their model allows
 * and are delayed behind all others.
 */
final class RequestQueue {
  static final int NOT_QUEUED = -1;
  static final int RERUN = 0;

  private final @Nullable PendingRequest[] heads;
  private final @Nullable PendingRequest[] tails;
  private int size;
  private int rows;

  RequestQueue(int priorities) {
    heads = new PendingRequest[priorities + 2];
    tails = new PendingRequest[priorities + 2];
  }

  int size() {
    return size;
  }

  int rows() {
    return rows;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Level of the requests that are delayed behind all others. */
  int delayedLevel() {
    return heads.length - 1;
  }

  void add(PendingRequest request, int level) {
    PendingRequest tail = tails[level];
    request.level = level;
    request.previous = tail;
    request.next = null;
    if (tail == null) {
      heads[level] = request;
    } else {
      tail.next = request;
    }
    tails[level] = request;
    size++;
    rows += request.rows();
  }

  /** The request to run next, or null if none waits. */
  @Nullable PendingRequest peek() {
    for (PendingRequest head : heads) {
      if (head != null) {
        return head;
      }
    }
    return null;
  }

  /** The request behind {@code request} in the order of running, or null. */
  @Nullable PendingRequest after(PendingRequest request) {
    if (request.next != null) {
      return request.next;
    }
    for (int level = request.level + 1; level < heads.length; level++) {
      if (heads[level] != null) {
        return heads[level];
      }
    }
    return null;
  }

  void remove(PendingRequest request) {
    int level = request.level;
    if (level == NOT_QUEUED) {
      throw new IllegalStateException("request is not queued");
    }
    if (request.previous == null) {
      heads[level] = request.next;
    } else {
      request.previous.next = request.next;
    }
    if (request.next == null) {
      tails[level] = request.previous;
    } else {
      request.next.previous = request.previous;
    }
    request.previous = null;
    request.next = null;
    request.level = NOT_QUEUED;
    size--;
    rows -= request.rows();
  }
}
