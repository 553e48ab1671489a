package dev.slipway.http.grpc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.WireFormat;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import java.util.Set;

/**
 * The standard health service, {@code grpc.health.v1.Health}: the whole server and the inference
 * service are serving when every deployed model has answered.
 */
final class HealthService {
  static final String NAME = "grpc.health.v1.Health";
  private static final String PACKAGE = "grpc.health.v1";
  private static final long WATCH_MILLIS = 500;

  /** Values of HealthCheckResponse.ServingStatus. */
  private enum Status {
    UNKNOWN(0),
    SERVING(1),
    NOT_SERVING(2),
    SERVICE_UNKNOWN(3);

    private final int number;

    Status(int number) {
      this.number = number;
    }
  }

  private final CallScope scope;
  private final Set<String> services;

  /**
   * @param services names that are known beside the empty one, which means the whole server
   */
  HealthService(CallScope scope, Set<String> services) {
    this.scope = scope;
    this.services = services;
  }

  GrpcMethod check() {
    return UnaryMethod.of(
        (call, request) -> {
          Status status = status(service(request));
          if (status == Status.SERVICE_UNKNOWN) {
            throw new SlipwayException(
                ErrorCode.NOT_FOUND,
                "service: '%s' (expected: empty or one of %s)"
                    .formatted(service(request), services));
          }
          return response(status);
        });
  }

  GrpcMethod watch() {
    return Watch::new;
  }

  private Status status(String service) {
    if (!service.isEmpty() && !services.contains(service)) {
      return Status.SERVICE_UNKNOWN;
    }
    return scope.catalog().isServerReady() ? Status.SERVING : Status.NOT_SERVING;
  }

  private static String service(Bytes request) {
    String[] service = {""};
    ProtoFields.read(
        request,
        (number, wireType, in) -> {
          if (number == 1 && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            service[0] = in.readString();
            return true;
          }
          return false;
        });
    return service[0];
  }

  private static byte[] response(Status status) {
    return ProtoFields.write(out -> out.writeEnum(1, status.number));
  }

  /** Sends the status now and whenever it changes, until the caller goes. */
  private final class Watch extends UnaryMethod.UnaryReceiver {
    private long timer = -1;
    private Status sent = Status.UNKNOWN;

    Watch(GrpcCall call) {
      super(call);
    }

    @Override
    void request(Bytes message) {
      String service = service(message);
      send(service);
      timer = scope.context().owner().setPeriodic(WATCH_MILLIS, ignored -> send(service));
    }

    private void send(String service) {
      Status now = status(service);
      if (scope.draining().get() && sent == now) {
        stop();
        call().complete();
      } else if (now != sent && !call().isEnded()) {
        sent = now;
        call().send(call().frame(response(now)));
      }
    }

    private void stop() {
      if (timer >= 0) {
        scope.context().owner().cancelTimer(timer);
        timer = -1;
      }
    }

    @Override
    public void cancelled() {
      stop();
    }
  }

  /** The service's description, for reflection. */
  static FileDescriptorProto descriptor() {
    EnumDescriptorProto.Builder statuses =
        EnumDescriptorProto.newBuilder().setName("ServingStatus");
    for (Status status : Status.values()) {
      statuses.addValueBuilder().setName(status.name()).setNumber(status.number);
    }
    ServiceDescriptorProto.Builder service = ServiceDescriptorProto.newBuilder().setName("Health");
    String request = "." + PACKAGE + ".HealthCheckRequest";
    String response = "." + PACKAGE + ".HealthCheckResponse";
    service.addMethodBuilder().setName("Check").setInputType(request).setOutputType(response);
    service
        .addMethodBuilder()
        .setName("Watch")
        .setInputType(request)
        .setOutputType(response)
        .setServerStreaming(true);
    return FileDescriptorProto.newBuilder()
        .setName("grpc/health/v1/health.proto")
        .setPackage(PACKAGE)
        .setSyntax("proto3")
        .addMessageType(
            DescriptorProto.newBuilder()
                .setName("HealthCheckRequest")
                .addField(field("service", 1, FieldDescriptorProto.Type.TYPE_STRING, "")))
        .addMessageType(
            DescriptorProto.newBuilder()
                .setName("HealthCheckResponse")
                .addField(
                    field(
                        "status",
                        1,
                        FieldDescriptorProto.Type.TYPE_ENUM,
                        response + ".ServingStatus"))
                .addEnumType(statuses))
        .addService(service)
        .build();
  }

  private static FieldDescriptorProto field(
      String name, int number, FieldDescriptorProto.Type type, String typeName) {
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(name)
            .setNumber(number)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .setType(type);
    if (!typeName.isEmpty()) {
      field.setTypeName(typeName);
    }
    return field.build();
  }
}
