package dev.slipway.engine.onnx;

/**
 * Starts ONNX Runtime once, on a deep stack.
 *
 * <p>Creating its environment recurses once for every few characters of the process's command line:
 * a class path of some ten thousand characters overflowed the megabyte that a Java thread has, and
 * ended the process without a word.
 */
final class OrtStart {
  private static volatile boolean started;

  private OrtStart() {}

  /**
   * Loads the library if that has not happened yet.
   *
   * @throws dev.slipway.core.error.SlipwayException DEVICE_UNAVAILABLE if this machine cannot
   */
  static void require() {
    if (!started) {
      DeepStack.call(
          () -> {
            OrtApi.require();
            return true;
          });
      started = true;
    }
  }
}
