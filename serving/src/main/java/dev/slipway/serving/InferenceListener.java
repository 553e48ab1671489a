package dev.slipway.serving;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;

/** Receives the one answer to a submitted request, on the thread of its event loop. */
public interface InferenceListener {
  /** The tensors of {@code response} are valid only during this call. */
  void onResponse(InferenceResponse response);

  void onFailure(SlipwayException failure);
}
