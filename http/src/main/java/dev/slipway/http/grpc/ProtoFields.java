package dev.slipway.http.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes the few small messages for which generated classes would be too much. */
final class ProtoFields {
  private ProtoFields() {}

  /** Sees each field of a message and reads its value, or skips it by returning false. */
  @FunctionalInterface
  interface Visitor {
    boolean field(int number, int wireType, CodedInputStream in) throws IOException;
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /**
   * @throws SlipwayException BAD_REQUEST if the bytes are no protobuf message
   */
  static void read(Bytes message, Visitor visitor) {
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(message.array(), message.offset(), message.length());
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!visitor.field(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag), in)
            && !in.skipField(tag)) {
          return;
        }
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "message: not valid protobuf: " + e.getMessage(), e);
    }
  }

  static byte[] write(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      content.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
