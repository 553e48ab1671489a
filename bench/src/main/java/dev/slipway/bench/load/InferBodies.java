package dev.slipway.bench.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Requests of the Open Inference Protocol for a model with one FP32 input {@code [-1, columns]}, in
 * each of its encodings. Written here and not with the product's codecs, so that a fault there
 * cannot hide.
 *
 * @param rows all of the same length
 */
public record InferBodies(String model, String input, float[][] rows) {
  /** One JSON body per row. */
  public byte[][] json() {
    byte[][] bodies = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      StringBuilder text = new StringBuilder(400);
      text.append("{\"inputs\":[{\"name\":\"")
          .append(input)
          .append("\",\"shape\":[1,")
          .append(rows[i].length)
          .append("],\"datatype\":\"FP32\",\"data\":[");
      for (int column = 0; column < rows[i].length; column++) {
        text.append(column == 0 ? "" : ",").append(rows[i][column]);
      }
      bodies[i] = text.append("]}]}").toString().getBytes(StandardCharsets.UTF_8);
    }
    return bodies;
  }

  /** Complete HTTP requests of the binary extension, {@code batch} rows each, outputs binary. */
  public LoadTarget.Rest binary(int batch) {
    int columns = rows[0].length;
    int length = batch * columns * Float.BYTES;
    byte[] json =
        ("{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"%s\",\"shape\":[%d,%d],"
             + "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":%d}}]}")
            .formatted(input, batch, columns, length)
            .getBytes(StandardCharsets.UTF_8);
    byte[][] bodies = new byte[rows.length / batch][];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] =
          ByteBuffer.allocate(json.length + length)
              .put(json)
              .put(rawRows(i * batch, batch))
              .array();
    }
    return LoadTarget.Rest.post(
        "/v2/models/" + model + "/infer",
        "Inference-Header-Content-Length: " + json.length + "\r\n",
        bodies);
  }

  /** One {@code ModelInferRequest} with raw contents per row. */
  public LoadTarget.Grpc grpc() {
    byte[][] messages = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      messages[i] = message(i);
    }
    return new LoadTarget.Grpc("/inference.GRPCInferenceService/ModelInfer", messages);
  }

  private byte[] message(int row) {
    try {
      ByteArrayOutputStream tensorBytes = new ByteArrayOutputStream();
      CodedOutputStream tensor = CodedOutputStream.newInstance(tensorBytes);
      tensor.writeString(1, input);
      tensor.writeString(2, "FP32");
      tensor.writeInt64(3, 1);
      tensor.writeInt64(3, rows[row].length);
      tensor.flush();
      ByteArrayOutputStream requestBytes = new ByteArrayOutputStream();
      CodedOutputStream request = CodedOutputStream.newInstance(requestBytes);
      request.writeString(1, model);
      request.writeByteArray(5, tensorBytes.toByteArray());
      request.writeBytes(7, ByteString.copyFrom(rawRows(row, 1)));
      request.flush();
      return requestBytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] rawRows(int first, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(count * rows[first].length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = first; i < first + count; i++) {
      for (float value : rows[i]) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }
}
