package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.json.JsonReader;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the body of {@code POST /v2/models/{m}/infer}: JSON, JSON followed by binary tensors, or
 * one raw tensor.
 *
 * <p>Members are understood in any order, unknown members and parameters are skipped, a known
 * member that comes twice is refused. Elements of floating-point tensors may be the strings "NaN",
 * "Infinity" and "-Infinity", since JSON has no numbers for them; see {@link
 * ResponseForm#nonFiniteAsStrings}. Integers are written without fraction and exponent, BOOL is
 * {@code true} or {@code false}.
 *
 * <p>Reusable, not thread-safe: one per event loop, like the {@link BufferSource}. Whatever a body
 * holds, the only exception is a {@link SlipwayException} of class CALLER (unless the buffer source
 * itself fails), and then every buffer has been given back.
 */
public final class V2RequestDecoder {
  private static final byte[] ID = key("id");
  private static final byte[] PARAMETERS = key("parameters");
  private static final byte[] INPUTS = key("inputs");
  private static final byte[] OUTPUTS = key("outputs");
  private static final byte[] NAME = key("name");
  private static final byte[] BINARY_DATA = key("binary_data");
  private static final byte[] BINARY_DATA_OUTPUT = key("binary_data_output");
  private static final byte[] CLASSIFICATION = key("classification");
  private static final byte[] PRIORITY = key("priority");
  private static final byte[] TIMEOUT = key("timeout");
  private static final byte[] SHARED_MEMORY_REGION = key("shared_memory_region");

  private final TensorIntake intake;
  private final JsonReader json;
  private final MemberReader members;
  private final V2InputReader inputReader;
  private final TensorPath requestPath = new TensorPath("", "");
  private final TensorPath parametersPath = new TensorPath("parameters", "");
  private final TensorPath outputPath = new TensorPath("outputs", "");
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<RequestedOutput> outputs = new ArrayList<>();

  private String id = "";
  private long priority;
  private long timeoutMicros;
  private boolean binaryOutput;
  private Encoding encoding = Encoding.DEFAULT;
  private int classes;

  public V2RequestDecoder(BufferSource buffers, DecodeLimits limits) {
    this.intake = new TensorIntake(buffers, limits);
    this.json = new JsonReader(limits);
    this.members = new MemberReader(json, limits);
    this.inputReader = new V2InputReader(json, members, intake);
  }

  private static byte[] key(String name) {
    return name.getBytes(US_ASCII);
  }

  /**
   * Decodes a body that is JSON throughout.
   *
   * @param model deployment's name, from the path
   * @param version pinned version, from the path; 0 means none
   */
  public DecodedRequest decode(String model, int version, byte[] bytes, int offset, int length) {
    return decode(model, version, ByteBuffer.wrap(bytes, offset, length), bytes, offset, length);
  }

  /**
   * Decodes JSON of {@code jsonLength} bytes followed by the bytes of the inputs that have a {@code
   * binary_data_size}, in their order.
   *
   * @param bytes the body between position and limit, which are not moved; blobs are copied once,
   *     from here to the tensors' buffers
   * @param jsonLength the header {@code Inference-Header-Content-Length}, {@code >= 1}; where it is
   *     0 call {@link #decodeRaw}
   */
  public DecodedRequest decodeBinary(String model, int version, ByteBuffer bytes, long jsonLength) {
    int length = bytes.remaining();
    if (jsonLength < 1 || jsonLength > length) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "Inference-Header-Content-Length: %d (expected: 1..%d, the length of the body)"
              .formatted(jsonLength, length));
    }
    int jsonBytes = (int) jsonLength;
    if (bytes.hasArray()) {
      int start = bytes.arrayOffset() + bytes.position();
      return decode(model, version, bytes, bytes.array(), start, jsonBytes);
    }
    byte[] copy = new byte[jsonBytes];
    bytes.get(bytes.position(), copy);
    return decode(model, version, bytes, copy, 0, jsonBytes);
  }

  /**
   * Decodes a raw request, {@code Inference-Header-Content-Length: 0}: the body is the content of
   * the model's only input, and all outputs are answered binary. At most one dimension may be
   * dynamic; it follows from the number of bytes. For a BYTES input the body is its one element.
   *
   * @param signature of the model that will answer
   * @param bytes the body between position and limit, which are not moved
   */
  public DecodedRequest decodeRaw(
      String model, int version, ModelSignature signature, ByteBuffer bytes) {
    try {
      Tensor tensor = RawInput.read(intake, signature, bytes);
      intake.complete();
      return new DecodedRequest(
          new InferenceRequest(
              model, version, "", List.of(tensor), List.of(), new RequestParameters(0, 0, true)),
          new ResponseForm(List.of(), true, false));
    } finally {
      intake.abandon();
    }
  }

  private DecodedRequest decode(
      String model, int version, ByteBuffer whole, byte[] text, int offset, int length) {
    id = "";
    priority = 0;
    timeoutMicros = 0;
    binaryOutput = false;
    inputReader.begin(whole, length);
    json.reset(text, offset, length);
    try {
      readRequest();
      json.expectEnd();
      requireAllConsumed(whole);
      DecodedRequest decoded = decoded(model, version);
      intake.complete();
      return decoded;
    } finally {
      // Gives back nothing if the request is complete.
      intake.abandon();
      inputReader.end();
      json.release();
      inputs.clear();
      outputs.clear();
    }
  }

  private void requireAllConsumed(ByteBuffer whole) {
    if (inputReader.blobsEnd() != whole.remaining()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "body: %d bytes (expected: %d, the JSON and the binary_data_size of every input)"
              .formatted(whole.remaining(), inputReader.blobsEnd()));
    }
  }

  private DecodedRequest decoded(String model, int version) {
    List<RequestedOutput> requested = List.copyOf(outputs);
    RequestParameters parameters =
        priority == 0 && timeoutMicros == 0 && !binaryOutput
            ? RequestParameters.DEFAULT
            : new RequestParameters(priority, timeoutMicros, binaryOutput);
    ResponseForm form =
        requested.isEmpty() && !binaryOutput && !inputReader.sawNonFinite()
            ? ResponseForm.JSON
            : new ResponseForm(requested, binaryOutput, inputReader.sawNonFinite());
    return new DecodedRequest(
        new InferenceRequest(model, version, id, List.copyOf(inputs), requested, parameters), form);
  }

  private void readRequest() {
    members.expectObject(requestPath, "");
    int seen = 0;
    if (!json.consume('}')) {
      do {
        json.scanKey();
        if (json.textEquals(INPUTS)) {
          seen = members.once(seen, 1, requestPath, "inputs");
          readInputs();
        } else if (json.textEquals(ID)) {
          seen = members.once(seen, 2, requestPath, "id");
          if (!json.consumeNull()) {
            id = members.readText(requestPath, "id");
          }
        } else if (json.textEquals(OUTPUTS)) {
          seen = members.once(seen, 4, requestPath, "outputs");
          if (!json.consumeNull()) {
            readOutputs();
          }
        } else if (json.textEquals(PARAMETERS)) {
          seen = members.once(seen, 8, requestPath, "parameters");
          if (!json.consumeNull()) {
            readRequestParameters();
          }
        } else {
          json.skipValue();
        }
      } while (json.next('}'));
    }
    if ((seen & 1) == 0) {
      throw members.missing(requestPath, "inputs", "a list of tensors");
    }
  }

  private void readRequestParameters() {
    members.expectObject(requestPath, "parameters");
    int seen = 0;
    if (json.consume('}')) {
      return;
    }
    do {
      json.scanKey();
      if (json.textEquals(PRIORITY)) {
        seen = members.once(seen, 1, parametersPath, "priority");
        priority = members.readCount(parametersPath, "priority");
      } else if (json.textEquals(TIMEOUT)) {
        seen = members.once(seen, 2, parametersPath, "timeout");
        timeoutMicros = members.readCount(parametersPath, "timeout");
      } else if (json.textEquals(BINARY_DATA_OUTPUT)) {
        seen = members.once(seen, 4, parametersPath, "binary_data_output");
        binaryOutput = members.readFlag(parametersPath, "binary_data_output");
      } else {
        json.skipValue();
      }
    } while (json.next('}'));
  }

  private void readInputs() {
    members.expectArray(requestPath, "inputs");
    if (json.consume(']')) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "inputs: [] (expected: at least one tensor)");
    }
    do {
      intake.checkTensorCount("inputs", inputs.size() + 1);
      inputs.add(inputReader.read(inputs.size()));
    } while (json.next(']'));
    intake.requireDistinctNames("inputs", inputs, Tensor::name);
  }

  private void readOutputs() {
    members.expectArray(requestPath, "outputs");
    if (json.consume(']')) {
      return;
    }
    do {
      intake.checkTensorCount("outputs", outputs.size() + 1);
      outputPath.moveTo(outputs.size());
      outputs.add(readOutput());
    } while (json.next(']'));
    intake.requireDistinctNames("outputs", outputs, RequestedOutput::name);
  }

  private RequestedOutput readOutput() {
    members.expectObject(outputPath, "");
    String name = "";
    encoding = Encoding.DEFAULT;
    classes = 0;
    int seen = 0;
    if (!json.consume('}')) {
      do {
        json.scanKey();
        if (json.textEquals(NAME)) {
          seen = members.once(seen, 1, outputPath, "name");
          name = members.readName(outputPath, "name");
        } else if (json.textEquals(PARAMETERS)) {
          seen = members.once(seen, 2, outputPath, "parameters");
          if (!json.consumeNull()) {
            readOutputParameters();
          }
        } else {
          json.skipValue();
        }
      } while (json.next('}'));
    }
    if ((seen & 1) == 0) {
      throw members.missing(outputPath, "name", "a string");
    }
    return new RequestedOutput(name, encoding, classes);
  }

  private void readOutputParameters() {
    members.expectObject(outputPath, "parameters");
    int seen = 0;
    if (json.consume('}')) {
      return;
    }
    do {
      json.scanKey();
      if (json.textEquals(BINARY_DATA)) {
        seen = members.once(seen, 1, outputPath, "parameters.binary_data");
        boolean binary = members.readFlag(outputPath, "parameters.binary_data");
        encoding = binary ? Encoding.BINARY : Encoding.JSON;
      } else if (json.textEquals(CLASSIFICATION)) {
        seen = members.once(seen, 2, outputPath, "parameters.classification");
        long count = members.readCount(outputPath, "parameters.classification");
        classes = (int) Math.min(count, Integer.MAX_VALUE);
      } else if (json.textEquals(SHARED_MEMORY_REGION)) {
        throw new SlipwayException(
            ErrorCode.NOT_IMPLEMENTED,
            outputPath.of("parameters.shared_memory_region") + ": shared memory is not supported");
      } else {
        json.skipValue();
      }
    } while (json.next('}'));
  }
}
