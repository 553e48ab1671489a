package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.JsonReader;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads one entry of {@code inputs}: its members in any order, its elements from JSON or from the
 * bytes that follow the JSON.
 */
final class V2InputReader {
  private static final byte[] NAME = key("name");
  private static final byte[] SHAPE = key("shape");
  private static final byte[] DATATYPE = key("datatype");
  private static final byte[] DATA = key("data");
  private static final byte[] PARAMETERS = key("parameters");
  private static final byte[] BINARY_DATA_SIZE = key("binary_data_size");
  private static final byte[] SHARED_MEMORY_REGION = key("shared_memory_region");

  private static final int SEEN_NAME = 1;
  private static final int SEEN_SHAPE = 2;
  private static final int SEEN_DATATYPE = 4;
  private static final int SEEN_DATA = 8;
  private static final int SEEN_PARAMETERS = 16;

  private static final DataType[] DATATYPES = DataType.values();
  private static final byte[][] DATATYPE_NAMES =
      Arrays.stream(DATATYPES).map(type -> key(type.name())).toArray(byte[][]::new);

  private static final int ABSENT = -1;
  private static final Shape SCALAR = Shape.of();
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final JsonReader json;
  private final MemberReader members;
  private final TensorIntake intake;
  private final TensorPath path = new TensorPath("inputs", "data");
  private final TensorDataReader data;

  private ByteBuffer body = NO_BYTES;
  private long blobOffset;
  private long binaryDataSize;

  V2InputReader(JsonReader json, MemberReader members, TensorIntake intake) {
    this.json = json;
    this.members = members;
    this.intake = intake;
    this.data = new TensorDataReader(json, intake, path);
  }

  private static byte[] key(String name) {
    return name.getBytes(US_ASCII);
  }

  /**
   * @param whole body between position and limit
   * @param jsonLength where its first blob starts
   */
  void begin(ByteBuffer whole, int jsonLength) {
    body = whole;
    blobOffset = jsonLength;
    data.reset();
  }

  void end() {
    body = NO_BYTES;
    data.reset();
  }

  /** Where the last blob ended, relative to the start of the body. */
  long blobsEnd() {
    return blobOffset;
  }

  boolean sawNonFinite() {
    return data.sawNonFinite();
  }

  Tensor read(int position) {
    path.moveTo(position);
    members.expectObject(path, "");
    String name = "";
    Shape shape = SCALAR;
    DataType datatype = DataType.BOOL;
    ByteBuffer content = NO_BYTES;
    int dataAt = ABSENT;
    int seen = 0;
    binaryDataSize = ABSENT;
    if (!json.consume('}')) {
      do {
        json.scanKey();
        if (json.textEquals(NAME)) {
          seen = members.once(seen, SEEN_NAME, path, "name");
          name = members.readName(path, "name");
        } else if (json.textEquals(SHAPE)) {
          seen = members.once(seen, SEEN_SHAPE, path, "shape");
          shape = members.readShape(path);
        } else if (json.textEquals(DATATYPE)) {
          seen = members.once(seen, SEEN_DATATYPE, path, "datatype");
          datatype = readDatatype();
        } else if (json.textEquals(DATA)) {
          seen = members.once(seen, SEEN_DATA, path, "data");
          if ((seen & (SEEN_SHAPE | SEEN_DATATYPE)) == (SEEN_SHAPE | SEEN_DATATYPE)) {
            content = data.read(path, datatype, shape, intake.elementCount(path, shape));
          } else {
            json.peek();
            dataAt = json.position();
            json.skipValue();
          }
        } else if (json.textEquals(PARAMETERS)) {
          seen = members.once(seen, SEEN_PARAMETERS, path, "parameters");
          if (!json.consumeNull()) {
            readParameters();
          }
        } else {
          json.skipValue();
        }
      } while (json.next('}'));
    }
    requireMembers(seen);
    if (dataAt != ABSENT) {
      int after = json.position();
      json.position(dataAt);
      content = data.read(path, datatype, shape, intake.elementCount(path, shape));
      json.position(after);
    }
    if (binaryDataSize != ABSENT) {
      content = copyBlob(datatype, shape);
    }
    return new Tensor(name, datatype, shape, content);
  }

  private void requireMembers(int seen) {
    if ((seen & SEEN_NAME) == 0) {
      throw members.missing(path, "name", "a string");
    }
    if ((seen & SEEN_SHAPE) == 0) {
      throw members.missing(path, "shape", "an array of dimensions");
    }
    if ((seen & SEEN_DATATYPE) == 0) {
      throw members.missing(path, "datatype", "one of " + Arrays.toString(DATATYPES));
    }
    boolean inJson = (seen & SEEN_DATA) != 0;
    boolean inBlob = binaryDataSize != ABSENT;
    if (inJson == inBlob) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s data %s parameters.binary_data_size (expected: exactly one of them)"
              .formatted(path.of(""), inJson ? "both" : "neither", inJson ? "and" : "nor"));
    }
  }

  private DataType readDatatype() {
    members.scanText(path, "datatype");
    for (int i = 0; i < DATATYPES.length; i++) {
      if (json.textEquals(DATATYPE_NAMES[i])) {
        return DATATYPES[i];
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: one of %s)"
            .formatted(path.of("datatype"), json.text(), Arrays.toString(DATATYPES)));
  }

  private void readParameters() {
    members.expectObject(path, "parameters");
    if (json.consume('}')) {
      return;
    }
    do {
      json.scanKey();
      if (json.textEquals(BINARY_DATA_SIZE)) {
        if (binaryDataSize != ABSENT) {
          throw new SlipwayException(
              ErrorCode.BAD_REQUEST,
              path.of("parameters.binary_data_size") + ": twice (expected: once)");
        }
        binaryDataSize = members.readCount(path, "parameters.binary_data_size");
      } else if (json.textEquals(SHARED_MEMORY_REGION)) {
        throw new SlipwayException(
            ErrorCode.NOT_IMPLEMENTED,
            path.of("parameters.shared_memory_region") + ": shared memory is not supported");
      } else {
        json.skipValue();
      }
    } while (json.next('}'));
  }

  private ByteBuffer copyBlob(DataType datatype, Shape shape) {
    long count = intake.elementCount(path, shape);
    long left = body.remaining() - blobOffset;
    if (binaryDataSize > left) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d (expected: at most the %d bytes left in the body)"
              .formatted(path.of("parameters.binary_data_size"), binaryDataSize, left));
    }
    intake.checkBinarySize(path, datatype, shape, count, binaryDataSize);
    ByteBuffer content = intake.take((int) binaryDataSize);
    content.put(0, body, body.position() + (int) blobOffset, (int) binaryDataSize);
    intake.checkBinaryContent(path, datatype, count, content);
    blobOffset += binaryDataSize;
    return content;
  }
}
