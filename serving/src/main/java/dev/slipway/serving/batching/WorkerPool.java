package dev.slipway.serving.batching;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded threads that run slow models. A thread that dies of its task is replaced, so the pool
 * never shrinks. Its queue is bounded by the run slots of all schedulers, each of which is in it at
 * most once. Thread-safe.
 */
public final class WorkerPool implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  private final int threads;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicLong replaced = new AtomicLong();
  private volatile boolean closed;

  public WorkerPool(int threads) {
    this.threads = threads;
  }

  /** Queues a task; starts the next thread while there are fewer than allowed. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (started.get() < threads && started.getAndIncrement() < threads) {
      startThread();
    }
  }

  /** Threads that died of their task and were replaced. */
  public long replaced() {
    return replaced.get();
  }

  /** Ends the threads once the queue is empty. */
  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < threads; i++) {
      tasks.add(WorkerPool::nothing);
    }
  }

  private static void nothing() {
    // Wakes a thread so that it sees that the pool is closed.
  }

  private void startThread() {
    Thread thread = new Thread(this::work, "slipway-worker-" + sequence.incrementAndGet());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (dead, cause) -> LOG.error("{} died and is replaced", dead.getName(), cause));
    thread.start();
  }

  private void work() {
    boolean ended = false;
    try {
      while (!(closed && tasks.isEmpty())) {
        tasks.take().run();
      }
      ended = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = closed;
    } finally {
      if (!ended) {
        replaced.incrementAndGet();
        startThread();
      }
    }
  }
}
