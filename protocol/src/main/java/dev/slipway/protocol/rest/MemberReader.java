package dev.slipway.protocol.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.Shape;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.json.JsonReader;
import dev.slipway.protocol.json.NameCache;
import dev.slipway.protocol.tensor.TensorPath;
import java.util.Arrays;

/** Reads the members that are no tensor content, each with an error that names it. */
final class MemberReader {
  private final JsonReader json;
  private final DecodeLimits limits;
  private final NameCache names = new NameCache();
  private final long[] dimensions;
  private Shape lastShape = Shape.of();

  MemberReader(JsonReader json, DecodeLimits limits) {
    this.json = json;
    this.limits = limits;
    this.dimensions = new long[limits.tensorRankMax()];
  }

  /**
   * Notes that a member came.
   *
   * @return {@code seen} with {@code bit}
   */
  int once(int seen, int bit, TensorPath path, String member) {
    if ((seen & bit) != 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, path.of(member) + ": twice (expected: once)");
    }
    return seen | bit;
  }

  void expectObject(TensorPath path, String member) {
    if (!json.consume('{')) {
      throw mismatch(path, member, "an object");
    }
  }

  void expectArray(TensorPath path, String member) {
    if (!json.consume('[')) {
      throw mismatch(path, member, "an array");
    }
  }

  /** A name that is likely to come again; not empty. */
  String readName(TensorPath path, String member) {
    scanText(path, member);
    String name = json.text(names);
    if (name.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, path.of(member) + ": '' (expected: a name)");
    }
    return name;
  }

  String readText(TensorPath path, String member) {
    scanText(path, member);
    return json.text();
  }

  /** Scans a string within the limit of names. */
  void scanText(TensorPath path, String member) {
    if (json.peek() != '"') {
      throw mismatch(path, member, "a string");
    }
    json.scanString();
    if (json.textBytesMax() > limits.nameBytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "%s: %d bytes (expected: at most %d)"
              .formatted(path.of(member), json.textBytesMax(), limits.nameBytesMax()));
    }
  }

  boolean readFlag(TensorPath path, String member) {
    int c = json.peek();
    if (c != 't' && c != 'f') {
      throw mismatch(path, member, "true or false");
    }
    return json.readBoolean();
  }

  /** An integer {@code >= 0} of 63 bits. */
  long readCount(TensorPath path, String member) {
    int c = json.peek();
    if (c == '-' || (c >= '0' && c <= '9')) {
      json.scanNumber();
      if (json.isIntegral()
          && json.hasMagnitude()
          && json.magnitude() >= 0
          && (!json.isNegative() || json.magnitude() == 0)) {
        return json.magnitude();
      }
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %s (expected: an integer, 0..%d)"
              .formatted(path.of(member), json.numberText(), Long.MAX_VALUE));
    }
    throw mismatch(path, member, "an integer >= 0");
  }

  Shape readShape(TensorPath path) {
    expectArray(path, "shape");
    int rank = 0;
    if (!json.consume(']')) {
      do {
        if (rank == dimensions.length) {
          throw new SlipwayException(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "%s: %d or more dimensions (expected: at most %d)"
                  .formatted(path.of("shape"), rank + 1, dimensions.length));
        }
        dimensions[rank++] = readCount(path, "shape");
      } while (json.next(']'));
    }
    if (isLastShape(rank)) {
      return lastShape;
    }
    lastShape = Shape.of(Arrays.copyOf(dimensions, rank));
    return lastShape;
  }

  /** Shapes repeat from request to request, and are immutable. */
  private boolean isLastShape(int rank) {
    if (lastShape.rank() != rank) {
      return false;
    }
    for (int i = 0; i < rank; i++) {
      if (lastShape.dimension(i) != dimensions[i]) {
        return false;
      }
    }
    return true;
  }

  SlipwayException missing(TensorPath path, String member, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "%s: missing (expected: %s)".formatted(path.of(member), expected));
  }

  /** Skips the value at the cursor and says that it is of the wrong kind. */
  SlipwayException mismatch(TensorPath path, String member, String expected) {
    String subject = path.of(member);
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: %s)"
            .formatted(subject.isEmpty() ? "body" : subject, json.valueText(), expected));
  }
}
