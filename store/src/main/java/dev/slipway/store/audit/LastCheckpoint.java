package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import java.util.Optional;

/**
 * Remembers the newest checkpoint that was signed, apart from the database, so that a database put
 * back to an older state is noticed before anything that contradicts it is signed.
 */
public interface LastCheckpoint {
  /**
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE or STORE_CORRUPT
   */
  Optional<SignedCheckpoint> read();

  /**
   * Replaces it; durable when this returns.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE
   */
  void write(SignedCheckpoint checkpoint);
}
