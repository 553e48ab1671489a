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
 * <p>Each encoding has as many bodies as there are rows: body {@code i} holds row {@code i} and
 * those after it, round the end, as many as a batch has.
 *
 * @param rows all of the same length
 */
public record InferBodies(String model, String input, float[][] rows) {
  private static final String METHOD = "/inference.GRPCInferenceService/ModelInfer";

  /**
   * Bodies of the binary extension.
   *
   * @param jsonLength bytes of the JSON that each starts with
   */
  public record Binary(int jsonLength, byte[][] bodies) {}

  /** Where the model is asked over REST. */
  public String path() {
    return "/v2/models/" + model + "/infer";
  }

  /** JSON bodies of one row. */
  public byte[][] json() {
    return json(1);
  }

  /** JSON bodies of {@code batch} rows. */
  public byte[][] json(int batch) {
    byte[][] texts = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      StringBuilder text = new StringBuilder(400);
      for (float value : rows[i]) {
        text.append(text.isEmpty() ? "" : ",").append(value);
      }
      texts[i] = ascii(text.toString());
    }
    byte[] head =
        ascii(
            "{\"inputs\":[{\"name\":\"%s\",\"shape\":[%d,%d],\"datatype\":\"FP32\",\"data\":["
                .formatted(input, batch, columns()));
    byte[][] bodies = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      ByteArrayOutputStream body = new ByteArrayOutputStream(256 + batch * texts[i].length);
      body.writeBytes(head);
      for (int row = 0; row < batch; row++) {
        if (row > 0) {
          body.write(',');
        }
        body.writeBytes(texts[(i + row) % rows.length]);
      }
      body.writeBytes(ascii("]}]}"));
      bodies[i] = body.toByteArray();
    }
    return bodies;
  }

  /** Bodies of the binary extension of {@code batch} rows, which ask for binary outputs. */
  public Binary binary(int batch) {
    byte[] json =
        ascii(
            ("{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"%s\",\"shape\":[%d,%d],"
                 + "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":%d}}]}")
                .formatted(input, batch, columns(), batch * columns() * Float.BYTES));
    byte[][] bodies = new byte[rows.length][];
    for (int i = 0; i < bodies.length; i++) {
      byte[] raw = rawRows(i, batch);
      bodies[i] = ByteBuffer.allocate(json.length + raw.length).put(json).put(raw).array();
    }
    return new Binary(json.length, bodies);
  }

  /** Serialised {@code ModelInferRequest}s with raw contents of {@code batch} rows. */
  public byte[][] grpc(int batch) {
    byte[][] messages = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      messages[i] = message(i, batch);
    }
    return messages;
  }

  /** Single rows as JSON over REST. */
  public LoadTarget.Rest restTarget() {
    return LoadTarget.Rest.post(path(), "", json());
  }

  /** Batches in the binary extension over REST. */
  public LoadTarget.Rest binaryTarget(int batch) {
    Binary binary = binary(batch);
    return LoadTarget.Rest.post(
        path(),
        "Inference-Header-Content-Length: " + binary.jsonLength() + "\r\n",
        binary.bodies());
  }

  /** Single rows over gRPC. */
  public LoadTarget.Grpc grpcTarget() {
    return new LoadTarget.Grpc(METHOD, grpc(1));
  }

  private int columns() {
    return rows[0].length;
  }

  private byte[] message(int first, int batch) {
    try {
      ByteArrayOutputStream tensorBytes = new ByteArrayOutputStream();
      CodedOutputStream tensor = CodedOutputStream.newInstance(tensorBytes);
      tensor.writeString(1, input);
      tensor.writeString(2, "FP32");
      tensor.writeInt64(3, batch);
      tensor.writeInt64(3, columns());
      tensor.flush();
      ByteArrayOutputStream requestBytes = new ByteArrayOutputStream();
      CodedOutputStream request = CodedOutputStream.newInstance(requestBytes);
      request.writeString(1, model);
      request.writeByteArray(5, tensorBytes.toByteArray());
      request.writeBytes(7, ByteString.copyFrom(rawRows(first, batch)));
      request.flush();
      return requestBytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] rawRows(int first, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(count * columns() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      for (float value : rows[(first + i) % rows.length]) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
