package dev.slipway.protocol.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.JsonWriter;
import dev.slipway.protocol.json.Utf8;
import dev.slipway.protocol.tensor.TensorValues;
import java.nio.ByteBuffer;

/** Writes the elements of tensors as JSON values. */
final class TensorDataWriter {
  private static final byte[] NONE = {};

  private final JsonWriter json;
  private byte[] string = NONE;

  TensorDataWriter(JsonWriter json) {
    this.json = json;
  }

  /**
   * Writes elements {@code [from, from + count)} as values of the array that has been begun. BYTES
   * elements are written with {@link #writeStrings}.
   *
   * @throws SlipwayException OUTPUT_INVALID if an element is NaN or infinite and strings are not
   *     allowed for those
   */
  void writeFixed(Tensor tensor, long from, long count, boolean nonFiniteAsStrings) {
    ByteBuffer data = tensor.data();
    int first = Math.toIntExact(from);
    int end = Math.toIntExact(from + count);
    switch (tensor.datatype()) {
      case FP32 -> {
        for (int i = first; i < end; i++) {
          writeFloat(tensor, i, data.getFloat(i << 2), nonFiniteAsStrings);
        }
      }
      case FP64 -> {
        for (int i = first; i < end; i++) {
          double value = data.getDouble(i << 3);
          if (Double.isFinite(value)) {
            json.value(value);
          } else {
            writeNonFinite(tensor, i, value, nonFiniteAsStrings);
          }
        }
      }
      case FP16 -> {
        for (int i = first; i < end; i++) {
          float value = Float.float16ToFloat(data.getShort(i << 1));
          writeFloat(tensor, i, value, nonFiniteAsStrings);
        }
      }
      case BF16 -> {
        for (int i = first; i < end; i++) {
          float value = Float.intBitsToFloat(data.getShort(i << 1) << 16);
          writeFloat(tensor, i, value, nonFiniteAsStrings);
        }
      }
      case UINT64 -> {
        for (int i = first; i < end; i++) {
          json.unsigned(data.getLong(i << 3));
        }
      }
      case BOOL -> {
        for (int i = first; i < end; i++) {
          json.value(data.get(i) != 0);
        }
      }
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> {
        for (int i = first; i < end; i++) {
          json.value(TensorValues.integer(tensor.datatype(), data, i));
        }
      }
      case BYTES -> throw new IllegalArgumentException("datatype: BYTES (expected: of fixed size)");
    }
  }

  /**
   * Writes {@code count} strings.
   *
   * @param element index of the first, for messages
   * @param offset where its length stands
   * @return the offset after the last
   * @throws SlipwayException OUTPUT_INVALID if an element is no UTF-8, and so cannot be JSON text
   */
  int writeStrings(Tensor tensor, long element, long count, int offset) {
    ByteBuffer data = tensor.data();
    int at = offset;
    for (long i = 0; i < count; i++) {
      int length = data.getInt(at);
      if (string.length < length) {
        string = new byte[length];
      }
      data.get(at + 4, string, 0, length);
      if (!Utf8.isValid(string, 0, length)) {
        throw new SlipwayException(
            ErrorCode.OUTPUT_INVALID,
            "output '%s', element %d: bytes that are no UTF-8 (expected: text, or binary_data for this output)"
                .formatted(tensor.name(), element + i));
      }
      json.utf8(string, 0, length);
      at += 4 + length;
    }
    return at;
  }

  private void writeFloat(Tensor tensor, int index, float value, boolean nonFiniteAsStrings) {
    if (Float.isFinite(value)) {
      json.value(value);
    } else {
      writeNonFinite(tensor, index, value, nonFiniteAsStrings);
    }
  }

  private void writeNonFinite(Tensor tensor, int index, double value, boolean asStrings) {
    if (!asStrings) {
      throw new SlipwayException(
          ErrorCode.OUTPUT_INVALID,
          "output '%s', element %d: %s (expected: a finite number, since JSON has no other; binary_data carries it)"
              .formatted(tensor.name(), index, value));
    }
    json.value(Double.toString(value));
  }
}
