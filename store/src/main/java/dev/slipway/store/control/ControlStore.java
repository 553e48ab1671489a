package dev.slipway.store.control;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * Keeps what the control plane decided. Thread-safe; both methods block. Every implementation
 * passes {@code ControlStoreKit}.
 */
public interface ControlStore extends AutoCloseable {
  /**
   * Looks at one consistent state.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE or STORE_CORRUPT, and what
   *     {@code reading} throws
   */
  <T> T read(Function<? super ControlView, T> reading);

  /**
   * Makes one change. When this returns the change survives a power failure; when it throws nothing
   * has changed. Changes happen one after another.
   *
   * @param change has no effect but on its unit of work, since a dialect may run it again after a
   *     conflict between transactions
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE or STORE_CORRUPT, and what
   *     {@code change} throws
   */
  <T> T commit(Function<? super UnitOfWork, T> change);

  /**
   * Copies one consistent state of the database into a file, while changes go on.
   *
   * @param file does not exist
   * @return false, and no file, where the database is a server with its own means
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE
   */
  boolean copyTo(Path file);

  /** Number of the newest migration that this database has had. */
  int schemaVersion();

  /** Waits for what is going on, then closes. */
  @Override
  void close();
}
