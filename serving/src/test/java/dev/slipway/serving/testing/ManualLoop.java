package dev.slipway.serving.testing;

import dev.slipway.serving.batching.LoopRuntime;
import dev.slipway.serving.buffers.BufferPool;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** An event loop, workers, a timer and a clock that move only when a test says so. */
public final class ManualLoop {
  private record Timed(long atNanos, long sequence, Runnable task) {}

  private final Deque<Runnable> loopTasks = new ArrayDeque<>();
  private final Deque<Runnable> workerTasks = new ArrayDeque<>();
  private final PriorityQueue<Timed> timed =
      new PriorityQueue<>(
          Comparator.comparingLong(Timed::atNanos).thenComparingLong(Timed::sequence));
  private long nowNanos = 1_000_000_000L;
  private long sequence;

  public final BufferPool buffers = new BufferPool(1 << 20);
  public final LoopRuntime runtime =
      new LoopRuntime(
          loopTasks::addLast, workerTasks::addLast, this::schedule, this::nowNanos, buffers);

  private void schedule(Runnable task, long delayNanos) {
    timed.add(new Timed(nowNanos + delayNanos, sequence++, task));
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** Moves the clock; timers that are due fire. */
  public void advance(long nanos) {
    nowNanos += nanos;
    for (Timed due = timed.peek(); due != null && due.atNanos <= nowNanos; due = timed.peek()) {
      timed.remove().task().run();
    }
  }

  /** Ends the loop's pass: runs the tasks there are, and those that they add. */
  public void pass() {
    for (Runnable task = loopTasks.poll(); task != null; task = loopTasks.poll()) {
      task.run();
    }
  }

  /** Runs one task of the workers, if there is one; an error ends it, as it would a thread. */
  public boolean work() {
    Runnable task = workerTasks.poll();
    if (task == null) {
      return false;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      workersDied++;
    }
    return true;
  }

  public int workersDied;

  public int workerTasks() {
    return workerTasks.size();
  }

  /** Lets everything finish, timers included. */
  public void settle() {
    settleUntil(Long.MAX_VALUE);
  }

  /** Lets everything happen that is due until then. */
  public void settleUntil(long nanos) {
    while (true) {
      pass();
      while (work()) {
        pass();
      }
      Timed next = timed.peek();
      if (next == null || next.atNanos > nanos) {
        return;
      }
      advance(Math.max(0, next.atNanos - nowNanos));
    }
  }
}
