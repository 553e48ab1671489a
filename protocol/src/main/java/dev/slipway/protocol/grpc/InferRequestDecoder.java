package dev.slipway.protocol.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes a {@code ModelInferRequest}. Fields may come in any order, unknown ones are skipped, as
 * protobuf demands; only an input's {@code contents} must not come in two pieces. Raw contents are
 * copied once, from the message to the tensor's buffer.
 *
 * <p>Reusable, not thread-safe: one per event loop, like the {@link BufferSource}. Whatever the
 * bytes, the only exception is a {@link SlipwayException} of class CALLER (unless the buffer source
 * itself fails), and then every buffer has been given back.
 */
public final class InferRequestDecoder {
  private static final int INTEGER = 1;
  private static final int OTHER = 2;

  private final TensorIntake intake;
  private final ProtoReader proto;
  private final TensorPath inputPath = new TensorPath("inputs", "contents");
  private final TensorPath rawPath = new TensorPath("raw_input_contents", "");
  private final TensorPath outputPath = new TensorPath("outputs", "");
  private final ContentsReader contents;
  private final List<InputDraft> drafts = new ArrayList<>();
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<RequestedOutput> outputs = new ArrayList<>();
  private int[] raws = new int[8];

  private String model = "";
  private String version = "";
  private String id = "";
  private long priority;
  private long timeoutMicros;
  private int inputCount;
  private int rawCount;

  // Of the parameter that was read last.
  private String parameterKey = "";
  private int parameterKind;
  private long parameterValue;

  public InferRequestDecoder(BufferSource buffers, DecodeLimits limits) {
    this.intake = new TensorIntake(buffers, limits);
    this.proto = new ProtoReader(limits.nameBytesMax());
    this.contents = new ContentsReader(proto, intake, inputPath);
  }

  public DecodedInfer decode(byte[] message, int offset, int length) {
    return decode(ByteBuffer.wrap(message, offset, length));
  }

  /**
   * @param message the bytes between position and limit, which are not moved
   */
  public DecodedInfer decode(ByteBuffer message) {
    model = "";
    version = "";
    id = "";
    priority = 0;
    timeoutMicros = 0;
    inputCount = 0;
    rawCount = 0;
    proto.reset(message);
    try {
      readRequest();
      readContents();
      RequestParameters parameters =
          priority == 0 && timeoutMicros == 0
              ? RequestParameters.DEFAULT
              : new RequestParameters(priority, timeoutMicros, false);
      DecodedInfer decoded =
          new DecodedInfer(
              new InferenceRequest(
                  model,
                  VersionText.parse(version),
                  id,
                  List.copyOf(inputs),
                  List.copyOf(outputs),
                  parameters),
              rawCount > 0);
      intake.complete();
      return decoded;
    } finally {
      // Gives back nothing if the request is complete.
      intake.abandon();
      proto.release();
      inputs.clear();
      outputs.clear();
    }
  }

  /**
   * The model that the last message named, whether or not the message was refused; empty if it was
   * refused before its name was read.
   */
  public String model() {
    return model;
  }

  /** The version that the last message named; 0 if none, or none that can be. */
  public int version() {
    try {
      return VersionText.parse(version);
    } catch (SlipwayException e) {
      return 0;
    }
  }

  private void readRequest() {
    while (proto.nextField()) {
      if (proto.wireType() != ProtoReader.DELIMITED) {
        proto.skipField();
        continue;
      }
      switch (proto.field()) {
        case 1 -> model = proto.readName("model_name");
        case 2 -> version = proto.readName("model_version");
        case 3 -> id = proto.readString("id");
        case 4 -> readRequestParameter();
        case 5 -> readInput();
        case 6 -> readOutput();
        case 7 -> noteRaw();
        default -> proto.skipField();
      }
    }
    if (model.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "model_name: '' (expected: a deployment's name)");
    }
    if (inputCount == 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "inputs: [] (expected: at least one tensor)");
    }
    intake.requireDistinctNames("outputs", outputs, RequestedOutput::name);
  }

  private void noteRaw() {
    intake.checkTensorCount("raw_input_contents", rawCount + 1);
    if (2 * rawCount == raws.length) {
      raws = Arrays.copyOf(raws, 4 * rawCount);
    }
    int length = proto.readLength();
    raws[2 * rawCount] = proto.position();
    raws[2 * rawCount + 1] = length;
    rawCount++;
    proto.skip(length);
  }

  private void readRequestParameter() {
    readParameter("parameters");
    switch (parameterKey) {
      case "priority" -> priority = parameterCount("parameters[priority]");
      case "timeout" -> timeoutMicros = parameterCount("parameters[timeout]");
      default -> {}
    }
  }

  // ---- inputs

  private void readInput() {
    intake.checkTensorCount("inputs", inputCount + 1);
    if (inputCount == drafts.size()) {
      drafts.add(new InputDraft());
    }
    InputDraft input = drafts.get(inputCount);
    input.reset();
    inputPath.moveTo(inputCount);
    inputCount++;
    int outer = proto.enter();
    while (proto.nextField()) {
      if (proto.is(3, ProtoReader.VARINT)) {
        addDimension(input, proto.readVarint());
        continue;
      }
      if (proto.wireType() != ProtoReader.DELIMITED) {
        proto.skipField();
        continue;
      }
      switch (proto.field()) {
        case 1 -> input.name = proto.readName("inputs.name");
        case 2 -> readDatatype(input);
        case 3 -> readDimensions(input);
        case 4 -> {
          readParameter("inputs.parameters");
          refuseSharedMemory(inputPath);
        }
        case 5 -> noteContents(input);
        default -> proto.skipField();
      }
    }
    proto.leave(outer);
    if (input.name.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, inputPath.of("name") + ": '' (expected: a name)");
    }
    if (!input.hasDatatype) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          inputPath.of("datatype")
              + ": '' (expected: one of %s)".formatted(Arrays.toString(DataType.values())));
    }
  }

  private void readDimensions(InputDraft input) {
    int outer = proto.enter();
    while (proto.remaining() > 0) {
      addDimension(input, proto.readVarint());
    }
    proto.leave(outer);
  }

  private void addDimension(InputDraft input, long dimension) {
    int rankMax = intake.limits().tensorRankMax();
    if (input.rank() == rankMax) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d or more dimensions (expected: at most %d)"
              .formatted(inputPath.of("shape"), rankMax + 1, rankMax));
    }
    if (dimension < 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d (expected: dimensions >= 0)".formatted(inputPath.of("shape"), dimension));
    }
    input.addDimension(dimension);
  }

  private void readDatatype(InputDraft input) {
    String text = proto.readName("inputs.datatype");
    for (DataType datatype : DATATYPES) {
      if (datatype.name().equals(text)) {
        input.datatype = datatype;
        input.hasDatatype = true;
        return;
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: one of %s)"
            .formatted(inputPath.of("datatype"), text, Arrays.toString(DATATYPES)));
  }

  private static final DataType[] DATATYPES = DataType.values();

  private void noteContents(InputDraft input) {
    int length = proto.readLength();
    if (input.contentsAt != InputDraft.ABSENT) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, inputPath.of("contents") + ": twice (expected: once)");
    }
    input.contentsAt = proto.position();
    input.contentsLength = length;
    proto.skip(length);
  }

  private void readContents() {
    if (rawCount > 0 && rawCount != inputCount) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "raw_input_contents: %d (expected: %d, one for each input, or none)"
              .formatted(rawCount, inputCount));
    }
    for (int i = 0; i < inputCount; i++) {
      InputDraft input = drafts.get(i);
      inputPath.moveTo(i);
      Shape shape = input.shape();
      long count = intake.elementCount(inputPath, shape);
      ByteBuffer content = rawCount > 0 ? copyRaw(i, input, count) : contents.read(input, count);
      inputs.add(new Tensor(input.name, input.datatype, shape, content));
    }
    intake.requireDistinctNames("inputs", inputs, Tensor::name);
  }

  private ByteBuffer copyRaw(int position, InputDraft input, long count) {
    if (input.contentsLength > 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          inputPath.of("contents") + ": both typed and raw (expected: raw_input_contents alone)");
    }
    rawPath.moveTo(position);
    int from = raws[2 * position];
    int bytes = raws[2 * position + 1];
    intake.checkBinarySize(rawPath, input.datatype, input.shape(), count, bytes);
    ByteBuffer content = intake.take(bytes);
    content.put(0, proto.data(), from, bytes);
    intake.checkBinaryContent(rawPath, input.datatype, count, content);
    return content;
  }

  // ---- outputs

  private void readOutput() {
    intake.checkTensorCount("outputs", outputs.size() + 1);
    outputPath.moveTo(outputs.size());
    String name = "";
    long classes = 0;
    int outer = proto.enter();
    while (proto.nextField()) {
      if (proto.is(1, ProtoReader.DELIMITED)) {
        name = proto.readName("outputs.name");
      } else if (proto.is(2, ProtoReader.DELIMITED)) {
        readParameter("outputs.parameters");
        refuseSharedMemory(outputPath);
        if (parameterKey.equals("classification")) {
          classes = parameterCount(outputPath.of("parameters[classification]"));
        }
      } else {
        proto.skipField();
      }
    }
    proto.leave(outer);
    if (name.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, outputPath.of("name") + ": '' (expected: a name)");
    }
    outputs.add(
        new RequestedOutput(name, Encoding.DEFAULT, (int) Math.min(classes, Integer.MAX_VALUE)));
  }

  // ---- parameters

  /** Reads one entry of a map of parameters into the fields. */
  private void readParameter(String field) {
    parameterKey = "";
    parameterKind = OTHER;
    parameterValue = 0;
    int outer = proto.enter();
    while (proto.nextField()) {
      if (proto.is(1, ProtoReader.DELIMITED)) {
        parameterKey = proto.readName(field);
      } else if (proto.is(2, ProtoReader.DELIMITED)) {
        readParameterValue();
      } else {
        proto.skipField();
      }
    }
    proto.leave(outer);
  }

  private void readParameterValue() {
    int outer = proto.enter();
    while (proto.nextField()) {
      if (proto.is(2, ProtoReader.VARINT) || proto.is(5, ProtoReader.VARINT)) {
        parameterKind = INTEGER;
        parameterValue = proto.readVarint();
      } else {
        if (proto.field() <= 5) {
          parameterKind = OTHER;
        }
        proto.skipField();
      }
    }
    proto.leave(outer);
  }

  private long parameterCount(String subject) {
    if (parameterKind != INTEGER || parameterValue < 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s (expected: an integer, 0..%d)"
              .formatted(
                  subject,
                  parameterKind == INTEGER ? parameterValue : "not an integer",
                  Long.MAX_VALUE));
    }
    return parameterValue;
  }

  private void refuseSharedMemory(TensorPath path) {
    if (parameterKey.equals("shared_memory_region")) {
      throw new SlipwayException(
          ErrorCode.NOT_IMPLEMENTED,
          path.of("parameters[shared_memory_region]") + ": shared memory is not supported");
    }
  }
}
