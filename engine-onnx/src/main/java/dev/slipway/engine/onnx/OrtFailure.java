package dev.slipway.engine.onnx;

/**
 * A status of ONNX Runtime that is not OK. Checked, so that every call says what it means there.
 */
final class OrtFailure extends Exception {
  private static final long serialVersionUID = 1L;

  static final int FAIL = 1;
  static final int INVALID_ARGUMENT = 2;
  static final int NO_SUCH_FILE = 3;
  static final int NOT_IMPLEMENTED = 9;

  private final int status;
  private final String text;

  /**
   * @param status number of the {@code OrtErrorCode}
   */
  OrtFailure(int status, String text) {
    super(text);
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
