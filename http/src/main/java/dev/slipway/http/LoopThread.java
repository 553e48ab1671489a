package dev.slipway.http;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs the serving loop's tasks on its event loop. The server stops before the serving plane, which
 * still has to release what the loop holds: once the event loop has ended, a task runs on the
 * thread that brings it. That is safe because the event loop's thread is gone, and the lock lets in
 * one at a time.
 */
final class LoopThread implements Executor {
  private final Executor eventLoop;
  private final Object afterwards = new Object();

  LoopThread(Executor eventLoop) {
    this.eventLoop = eventLoop;
  }

  @Override
  public void execute(Runnable task) {
    try {
      eventLoop.execute(task);
    } catch (RejectedExecutionException e) {
      synchronized (afterwards) {
        task.run();
      }
    }
  }
}
