package dev.slipway.server;

import dev.slipway.store.control.ControlStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The control database, which opens on a thread of its own while parts start that do not need it.
 * Closing waits for it, and closes it.
 */
final class OpeningDatabase implements AutoCloseable {
  private final CompletableFuture<ControlStore> database;

  OpeningDatabase(Supplier<ControlStore> open) {
    database =
        CompletableFuture.supplyAsync(
            open, work -> Thread.ofPlatform().name("slipway-open-database").start(work));
  }

  /** The database, as soon as it is open; throws what opening it has thrown. */
  ControlStore await() {
    try {
      return database.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    ControlStore opened;
    try {
      opened = database.join();
    } catch (CompletionException e) {
      return; // There is none, as whoever waited for it knows.
    }
    opened.close();
  }
}
