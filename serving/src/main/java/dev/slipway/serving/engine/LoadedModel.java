package dev.slipway.serving.engine;

import dev.slipway.core.model.ModelSignature;

/** A model in memory. Thread-safe. */
public interface LoadedModel extends AutoCloseable {
  ModelSignature signature();

  /** Resident bytes that closing gives back, as well as the engine can tell. */
  long memoryBytes();

  /** A new session; it is closed before the model is. */
  InferenceSession openSession();

  /**
   * Whether {@link InferenceSession#infer} blocks on I/O, so that it must never run on an event
   * loop.
   */
  default boolean blocks() {
    return false;
  }

  @Override
  void close();
}
