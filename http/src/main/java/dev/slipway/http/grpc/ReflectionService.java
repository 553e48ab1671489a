package dev.slipway.http.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.WireFormat;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Server reflection, {@code grpc.reflection.v1} and {@code v1alpha}, whose messages are equal on
 * the wire: it lists the services and hands out the descriptions of their files.
 *
 * <p>Fields of ServerReflectionRequest: host = 1, file_by_filename = 3, file_containing_symbol = 4,
 * file_containing_extension = 5, all_extension_numbers_of_type = 6, list_services = 7. Of
 * ServerReflectionResponse: valid_host = 1, original_request = 2, file_descriptor_response = 4,
 * all_extension_numbers_response = 5, list_services_response = 6, error_response = 7.
 */
final class ReflectionService implements GrpcMethod {
  static final List<String> NAMES =
      List.of("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

  private static final int NOT_FOUND = 5;
  private static final int UNIMPLEMENTED = 12;

  private final Set<String> services;
  private final Map<String, FileDescriptorProto> filesByName = new HashMap<>();
  private final Map<String, String> fileOfSymbol = new HashMap<>();

  /**
   * @param services names to list
   * @param files of those services, with all that they import
   */
  ReflectionService(Set<String> services, List<FileDescriptorProto> files) {
    this.services = new TreeSet<>(services);
    for (FileDescriptorProto file : files) {
      filesByName.put(file.getName(), file);
      index(file);
    }
  }

  private void index(FileDescriptorProto file) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    for (DescriptorProto message : file.getMessageTypeList()) {
      indexMessage(prefix, message, file.getName());
    }
    for (EnumDescriptorProto type : file.getEnumTypeList()) {
      fileOfSymbol.put(prefix + type.getName(), file.getName());
    }
    for (ServiceDescriptorProto service : file.getServiceList()) {
      String name = prefix + service.getName();
      fileOfSymbol.put(name, file.getName());
      service
          .getMethodList()
          .forEach(method -> fileOfSymbol.put(name + "." + method.getName(), file.getName()));
    }
  }

  private void indexMessage(String prefix, DescriptorProto message, String file) {
    String name = prefix + message.getName();
    fileOfSymbol.put(name, file);
    message.getFieldList().forEach(field -> fileOfSymbol.put(name + "." + field.getName(), file));
    message.getEnumTypeList().forEach(type -> fileOfSymbol.put(name + "." + type.getName(), file));
    message.getNestedTypeList().forEach(nested -> indexMessage(name + ".", nested, file));
  }

  @Override
  public Receiver open(GrpcCall call) {
    return new Receiver() {
      @Override
      public void message(Bytes message) {
        call.send(call.frame(answer(message)));
      }

      @Override
      public void end() {
        call.complete();
      }

      @Override
      public void cancelled() {}
    };
  }

  /**
   * The response to one request of the stream.
   *
   * @throws SlipwayException BAD_REQUEST if it is no protobuf message
   */
  byte[] answer(Bytes request) {
    Query query = new Query();
    ProtoFields.read(request, query::field);
    byte[] original =
        Arrays.copyOfRange(request.array(), request.offset(), request.offset() + request.length());
    return ProtoFields.write(
        out -> {
          out.writeString(1, query.host);
          out.writeByteArray(2, original);
          Reply reply = reply(query);
          out.writeByteArray(reply.field, reply.message);
        });
  }

  private Reply reply(Query query) {
    return switch (query.kind) {
      case 3 -> files(query.text, query.text);
      case 4 -> files(fileOfSymbol.getOrDefault(query.text, ""), query.text);
      case 6 ->
          fileOfSymbol.containsKey(query.text)
              ? new Reply(5, ProtoFields.write(out -> out.writeString(1, query.text)))
              : error(NOT_FOUND, "type: '%s' is not known".formatted(query.text));
      case 7 -> new Reply(6, ProtoFields.write(this::writeServices));
      case 5 -> error(NOT_FOUND, "extension: none is known");
      default -> error(UNIMPLEMENTED, "request: no query that is known");
    };
  }

  private void writeServices(CodedOutputStream out) throws IOException {
    for (String service : services) {
      out.writeByteArray(1, ProtoFields.write(entry -> entry.writeString(1, service)));
    }
  }

  /** The file of that name and all that it imports, importing ones first. */
  private Reply files(String name, String asked) {
    if (!filesByName.containsKey(name)) {
      return error(NOT_FOUND, "file or symbol: '%s' is not known".formatted(asked));
    }
    Set<String> names = new LinkedHashSet<>();
    collect(name, names);
    return new Reply(
        4,
        ProtoFields.write(
            out -> {
              for (String file : names) {
                out.writeByteArray(1, require(file).toByteArray());
              }
            }));
  }

  private void collect(String name, Set<String> names) {
    if (filesByName.containsKey(name) && names.add(name)) {
      require(name).getDependencyList().forEach(imported -> collect(imported, names));
    }
  }

  private FileDescriptorProto require(String name) {
    FileDescriptorProto file = filesByName.get(name);
    if (file == null) {
      throw new IllegalStateException("no file " + name);
    }
    return file;
  }

  private static Reply error(int code, String message) {
    return new Reply(
        7,
        ProtoFields.write(
            out -> {
              out.writeInt32(1, code);
              out.writeString(2, message);
            }));
  }

  @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
  private record Reply(int field, byte[] message) {}

  /** What a request asks; its last query counts. */
  private static final class Query {
    private String host = "";
    private int kind;
    private String text = "";

    boolean field(int number, int wireType, CodedInputStream in) throws IOException {
      if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        return false;
      }
      switch (number) {
        case 1 -> host = in.readString();
        case 3, 4, 6, 7 -> {
          kind = number;
          text = in.readString();
        }
        case 5 -> {
          kind = number;
          in.readByteArray();
        }
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
