package dev.slipway.http.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.catalog.ModelCatalog;
import dev.slipway.protocol.grpc.VersionText;
import dev.slipway.protocol.grpc.proto.ModelConfigRequest;
import dev.slipway.protocol.grpc.proto.ModelMetadataRequest;
import dev.slipway.protocol.grpc.proto.ModelReadyRequest;
import dev.slipway.protocol.grpc.proto.ModelReadyResponse;
import dev.slipway.protocol.grpc.proto.ModelStatisticsRequest;
import dev.slipway.protocol.grpc.proto.RepositoryIndexRequest;
import dev.slipway.protocol.grpc.proto.RepositoryModelLoadRequest;
import dev.slipway.protocol.grpc.proto.RepositoryModelLoadResponse;
import dev.slipway.protocol.grpc.proto.RepositoryModelUnloadRequest;
import dev.slipway.protocol.grpc.proto.RepositoryModelUnloadResponse;
import dev.slipway.protocol.grpc.proto.ServerLiveRequest;
import dev.slipway.protocol.grpc.proto.ServerLiveResponse;
import dev.slipway.protocol.grpc.proto.ServerMetadataRequest;
import dev.slipway.protocol.grpc.proto.ServerReadyRequest;
import dev.slipway.protocol.grpc.proto.ServerReadyResponse;
import dev.slipway.protocol.metadata.MetadataMessages;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The methods of {@code inference.GRPCInferenceService} other than inference itself. */
final class InferenceService {
  static final String NAME = "inference.GRPCInferenceService";

  private final CallScope scope;

  InferenceService(CallScope scope) {
    this.scope = scope;
  }

  /** The methods by name. */
  Map<String, GuardedMethod> methods() {
    return Map.ofEntries(
        Map.entry(
            "ServerLive",
            on(
                Action.PROBE,
                ServerLiveRequest.parser(),
                request -> ServerLiveResponse.newBuilder().setLive(true).build())),
        Map.entry(
            "ServerReady",
            on(
                Action.PROBE,
                ServerReadyRequest.parser(),
                request ->
                    ServerReadyResponse.newBuilder()
                        .setReady(scope.catalog().isServerReady())
                        .build())),
        Map.entry(
            "ServerMetadata",
            on(
                Action.READ_SERVER,
                ServerMetadataRequest.parser(),
                request -> MetadataMessages.of(scope.catalog().server()))),
        Map.entry(
            "ModelReady",
            read(ModelReadyRequest.parser(), ModelReadyRequest::getName, this::modelReady)),
        Map.entry(
            "ModelMetadata",
            read(
                ModelMetadataRequest.parser(), ModelMetadataRequest::getName, this::modelMetadata)),
        Map.entry(
            "ModelConfig",
            read(ModelConfigRequest.parser(), ModelConfigRequest::getName, this::modelConfig)),
        Map.entry(
            "ModelStatistics",
            read(
                ModelStatisticsRequest.parser(),
                ModelStatisticsRequest::getName,
                this::modelStatistics)),
        Map.entry(
            "RepositoryIndex",
            on(
                Action.READ_DEPLOYMENT,
                RepositoryIndexRequest.parser(),
                request -> MetadataMessages.ofIndex(scope.catalog().index(request.getReady())))),
        Map.entry(
            "RepositoryModelLoad",
            change(
                RepositoryModelLoadRequest.parser(),
                RepositoryModelLoadRequest::getModelName,
                this::load)),
        Map.entry(
            "RepositoryModelUnload",
            change(
                RepositoryModelUnloadRequest.parser(),
                RepositoryModelUnloadRequest::getModelName,
                this::unload)));
  }

  /** Answers for the server, or for all deployments. */
  private static <T extends Message> GuardedMethod on(
      Action action, Parser<T> parser, Function<T, Message> answer) {
    return GuardedMethod.of(
        action,
        UnaryMethod.of((call, request) -> answer.apply(parse(parser, request)).toByteArray()));
  }

  /** Answers on the event loop for the deployment that the message names; without a name, all. */
  private static <T extends Message> GuardedMethod read(
      Parser<T> parser, Function<T, String> name, Function<T, Message> answer) {
    return GuardedMethod.named(
        Action.READ_DEPLOYMENT,
        UnaryMethod.of(
            (call, request) -> named(Action.READ_DEPLOYMENT, parser, name, answer, call, request)));
  }

  /** Changes on a virtual thread what the message names. */
  private static <T extends Message> GuardedMethod change(
      Parser<T> parser, Function<T, String> name, BiFunction<GrpcCall, T, Message> answer) {
    return GuardedMethod.named(
        Action.DEPLOY,
        UnaryMethod.blocking(
            (call, request) ->
                named(
                    Action.DEPLOY,
                    parser,
                    name,
                    message -> answer.apply(call, message),
                    call,
                    request)));
  }

  private static <T extends Message> byte[] named(
      Action action,
      Parser<T> parser,
      Function<T, String> name,
      Function<T, Message> answer,
      GrpcCall call,
      Bytes request) {
    T message = parse(parser, request);
    String deployment = name.apply(message);
    call.require(action, deployment.isEmpty() ? Resource.ALL : deployment);
    return answer.apply(message).toByteArray();
  }

  private static <T extends Message> T parse(Parser<T> parser, Bytes request) {
    try {
      return parser.parseFrom(
          CodedInputStream.newInstance(request.array(), request.offset(), request.length()));
    } catch (InvalidProtocolBufferException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "message: not valid protobuf: " + e.getMessage(), e);
    }
  }

  private Message modelReady(ModelReadyRequest request) {
    int version = VersionText.parse(request.getVersion());
    ModelCatalog catalog = scope.catalog();
    return ModelReadyResponse.newBuilder()
        .setReady(catalog.isReady(catalog.require(request.getName(), version)))
        .build();
  }

  private Message modelMetadata(ModelMetadataRequest request) {
    int version = VersionText.parse(request.getVersion());
    return MetadataMessages.of(scope.catalog().metadata(request.getName(), version));
  }

  private Message modelConfig(ModelConfigRequest request) {
    int version = VersionText.parse(request.getVersion());
    return MetadataMessages.of(scope.catalog().configuration(request.getName(), version));
  }

  private Message modelStatistics(ModelStatisticsRequest request) {
    int version = VersionText.parse(request.getVersion());
    return MetadataMessages.ofStatistics(scope.catalog().statistics(request.getName(), version));
  }

  private Message load(GrpcCall call, RepositoryModelLoadRequest request) {
    scope.catalog().load(call.actor(), request.getModelName(), request.getParametersMap().keySet());
    return RepositoryModelLoadResponse.getDefaultInstance();
  }

  private Message unload(GrpcCall call, RepositoryModelUnloadRequest request) {
    scope.catalog().unload(call.actor(), request.getModelName());
    return RepositoryModelUnloadResponse.getDefaultInstance();
  }
}
