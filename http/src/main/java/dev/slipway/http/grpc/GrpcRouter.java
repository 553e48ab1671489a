package dev.slipway.http.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.Headers;
import dev.slipway.http.identity.Caller;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.proto.ModelConfigProto;
import dev.slipway.protocol.grpc.proto.OpenInferenceProto;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gRPC methods of one event loop. */
public final class GrpcRouter {
  private final CallScope scope;
  private final Map<String, Entry> methods = new HashMap<>();

  private @Nullable ReflectionService reflection;

  private record Entry(GuardedMethod guarded, String spanName, boolean unary) {}

  public GrpcRouter(CallScope scope, DecodeLimits limits) {
    this.scope = scope;
    GrpcCodecs codecs = new GrpcCodecs(scope.serving().buffers(), limits);
    InferenceService inference = new InferenceService(scope);
    inference.methods().forEach((name, method) -> add(InferenceService.NAME, name, method, true));
    add(
        InferenceService.NAME,
        "ModelInfer",
        GuardedMethod.named(Action.INFER, call -> new ModelInferCall(call, codecs)),
        true);
    add(
        InferenceService.NAME,
        "ModelStreamInfer",
        GuardedMethod.named(Action.INFER, call -> new ModelStreamInferCall(call, codecs)),
        false);
    HealthService health = new HealthService(scope, Set.of(InferenceService.NAME));
    add(HealthService.NAME, "Check", GuardedMethod.of(Action.PROBE, health.check()), true);
    add(HealthService.NAME, "Watch", GuardedMethod.of(Action.PROBE, health.watch()), true);
    for (String name : ReflectionService.NAMES) {
      add(
          name,
          "ServerReflectionInfo",
          GuardedMethod.of(Action.READ_SERVER, call -> reflection().open(call)),
          false);
    }
  }

  /** Made when it is first asked for, because descriptors take their time at the start. */
  private ReflectionService reflection() {
    ReflectionService known = reflection;
    if (known == null) {
      known =
          new ReflectionService(
              Set.of(InferenceService.NAME, HealthService.NAME),
              List.<FileDescriptorProto>of(
                  OpenInferenceProto.getDescriptor().toProto(),
                  ModelConfigProto.getDescriptor().toProto(),
                  HealthService.descriptor()));
      reflection = known;
    }
    return known;
  }

  private void add(String service, String name, GuardedMethod method, boolean unary) {
    methods.put("/" + service + "/" + name, new Entry(method, name, unary));
  }

  /** Whether an HTTP/2 request is a gRPC call. */
  public static boolean isGrpc(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      return false;
    }
    String type = request.headers().get(Headers.CONTENT_TYPE);
    if (type == null || !type.startsWith(GrpcHeaders.MEDIA_TYPE)) {
      return false;
    }
    String suffix = type.substring(GrpcHeaders.MEDIA_TYPE.length());
    return suffix.isEmpty()
        || suffix.startsWith(";")
        || suffix.equals("+proto")
        || suffix.startsWith("+proto;");
  }

  /** Serves a call, sooner or later. */
  public void handle(HttpServerRequest request, long arrivalNanos, Caller caller) {
    GrpcCall call = new GrpcCall(scope, request, arrivalNanos, caller);
    Entry entry = methods.get(request.uri());
    try {
      if (entry == null) {
        caller.requireKnown(Action.READ_SERVER);
      } else if (entry.guarded.named()) {
        caller.requireKnown(entry.guarded.action());
      } else {
        call.require(entry.guarded.action(), Resource.ALL);
      }
    } catch (SlipwayException e) {
      call.fail(e);
      return;
    }
    if (entry == null) {
      call.fail(
          new SlipwayException(
              ErrorCode.NOT_IMPLEMENTED,
              "method: '%s' (expected: one that reflection lists)"
                  .formatted(
                      request.uri().length() > 200
                          ? request.uri().substring(0, 200) + "..."
                          : request.uri())));
    } else {
      call.start(entry.guarded.method(), entry.spanName, entry.unary);
    }
  }

  /** Refuses a call before its method is looked at. */
  public static void refuse(
      CallScope scope, HttpServerRequest request, long arrivalNanos, SlipwayException reason) {
    new GrpcCall(scope, request, arrivalNanos, null).fail(reason);
  }
}
