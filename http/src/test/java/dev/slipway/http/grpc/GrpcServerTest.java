package dev.slipway.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import dev.slipway.http.testing.Http2Frames;
import dev.slipway.http.testing.KnownModels;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.protocol.grpc.proto.InferTensorContents;
import dev.slipway.protocol.grpc.proto.ModelConfigRequest;
import dev.slipway.protocol.grpc.proto.ModelConfigResponse;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.protocol.grpc.proto.ModelInferResponse;
import dev.slipway.protocol.grpc.proto.ModelMetadataRequest;
import dev.slipway.protocol.grpc.proto.ModelMetadataResponse;
import dev.slipway.protocol.grpc.proto.ModelReadyRequest;
import dev.slipway.protocol.grpc.proto.ModelReadyResponse;
import dev.slipway.protocol.grpc.proto.ModelStatisticsRequest;
import dev.slipway.protocol.grpc.proto.ModelStatisticsResponse;
import dev.slipway.protocol.grpc.proto.ModelStreamInferResponse;
import dev.slipway.protocol.grpc.proto.RepositoryIndexRequest;
import dev.slipway.protocol.grpc.proto.RepositoryIndexResponse;
import dev.slipway.protocol.grpc.proto.RepositoryModelLoadRequest;
import dev.slipway.protocol.grpc.proto.RepositoryModelLoadResponse;
import dev.slipway.protocol.grpc.proto.RepositoryModelUnloadRequest;
import dev.slipway.protocol.grpc.proto.RepositoryModelUnloadResponse;
import dev.slipway.protocol.grpc.proto.ServerLiveRequest;
import dev.slipway.protocol.grpc.proto.ServerLiveResponse;
import dev.slipway.protocol.grpc.proto.ServerMetadataRequest;
import dev.slipway.protocol.grpc.proto.ServerMetadataResponse;
import dev.slipway.protocol.grpc.proto.ServerReadyRequest;
import dev.slipway.protocol.grpc.proto.ServerReadyResponse;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A foreign client, grpc-java, against the running server. */
class GrpcServerTest {
  private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
      method(
          "ModelInfer",
          MethodType.UNARY,
          ModelInferRequest.getDefaultInstance(),
          ModelInferResponse.getDefaultInstance());
  private static final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> STREAM =
      method(
          "ModelStreamInfer",
          MethodType.BIDI_STREAMING,
          ModelInferRequest.getDefaultInstance(),
          ModelStreamInferResponse.getDefaultInstance());

  private static RunningServer running;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    running = RunningServer.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.server.port())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    running.close();
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      String name, MethodType type, Q request, A response) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName("inference.GRPCInferenceService/" + name)
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }

  private static <Q extends Message, A extends Message> A call(
      String name, Q request, A responseType) {
    return ClientCalls.blockingUnaryCall(
        channel,
        method(name, MethodType.UNARY, request, responseType),
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        request);
  }

  private static ModelInferRequest raw(String model, String id, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .setId(id)
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(values.length / 3)
                .addShape(3))
        .addRawInputContents(ByteString.copyFrom(bytes))
        .build();
  }

  private static ModelInferResponse infer(ModelInferRequest request, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, INFER, options, request);
  }

  private static ModelInferResponse infer(ModelInferRequest request) {
    return infer(request, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
  }

  private static float first(ModelInferResponse response) {
    return response
        .getRawOutputContents(0)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat(0);
  }

  @Test
  void theServerAndItsModelsDescribeThemselves() {
    assertThat(
            call(
                    "ServerLive",
                    ServerLiveRequest.getDefaultInstance(),
                    ServerLiveResponse.getDefaultInstance())
                .getLive())
        .isTrue();
    assertThat(
            call(
                    "ServerReady",
                    ServerReadyRequest.getDefaultInstance(),
                    ServerReadyResponse.getDefaultInstance())
                .getReady())
        .isTrue();
    assertThat(
            call(
                    "ServerMetadata",
                    ServerMetadataRequest.getDefaultInstance(),
                    ServerMetadataResponse.getDefaultInstance())
                .getName())
        .isEqualTo("slipway");
    assertThat(
            call(
                    "ModelReady",
                    ModelReadyRequest.newBuilder().setName("sum").setVersion("1").build(),
                    ModelReadyResponse.getDefaultInstance())
                .getReady())
        .isTrue();
    ModelMetadataResponse metadata =
        call(
            "ModelMetadata",
            ModelMetadataRequest.newBuilder().setName("sum").build(),
            ModelMetadataResponse.getDefaultInstance());
    assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 3L);
    assertThat(metadata.getVersionsList()).containsExactly("1");
    assertThat(
            call(
                    "ModelConfig",
                    ModelConfigRequest.newBuilder().setName("sum").build(),
                    ModelConfigResponse.getDefaultInstance())
                .getConfig()
                .getName())
        .isEqualTo("sum");
    assertThat(
            call(
                    "ModelStatistics",
                    ModelStatisticsRequest.getDefaultInstance(),
                    ModelStatisticsResponse.getDefaultInstance())
                .getModelStatsCount())
        .isEqualTo(5);
    assertThat(
            call(
                    "RepositoryIndex",
                    RepositoryIndexRequest.getDefaultInstance(),
                    RepositoryIndexResponse.getDefaultInstance())
                .getModelsCount())
        .isEqualTo(5);
  }

  @Test
  void anUnloadedModelIsUnavailableUntilItIsLoaded() {
    call(
        "RepositoryModelUnload",
        RepositoryModelUnloadRequest.newBuilder().setModelName("text").build(),
        RepositoryModelUnloadResponse.getDefaultInstance());
    assertThat(running.repository.notes).contains("LocalCaller[] unload text");
    assertThat(
            call(
                    "ModelReady",
                    ModelReadyRequest.newBuilder().setName("text").build(),
                    ModelReadyResponse.getDefaultInstance())
                .getReady())
        .isFalse();
    call(
        "RepositoryModelLoad",
        RepositoryModelLoadRequest.newBuilder().setModelName("text").build(),
        RepositoryModelLoadResponse.getDefaultInstance());
    assertThat(
            call(
                    "ModelReady",
                    ModelReadyRequest.newBuilder().setName("text").build(),
                    ModelReadyResponse.getDefaultInstance())
                .getReady())
        .isTrue();
  }

  @Test
  void rawInIsRawOutAndTypedInIsTypedOut() {
    ModelInferResponse raw = infer(raw("sum", "seven", 1, 2, 4));
    assertThat(raw.getId()).isEqualTo("seven");
    assertThat(raw.getModelVersion()).isEqualTo("1");
    assertThat(first(raw)).isEqualTo(7f);
    ModelInferResponse typed =
        infer(
            ModelInferRequest.newBuilder()
                .setModelName("sum")
                .setModelVersion("1")
                .addInputs(
                    InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(1)
                        .addShape(3)
                        .setContents(
                            InferTensorContents.newBuilder()
                                .addFp32Contents(1)
                                .addFp32Contents(2)
                                .addFp32Contents(3)))
                .build());
    assertThat(typed.getRawOutputContentsCount()).isZero();
    assertThat(typed.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(6f);
    assertThat(typed.getId()).isNotEmpty();
  }

  @Test
  void theAnswerCarriesRequestIdVersionAndDigest() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    Metadata sent = new Metadata();
    sent.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "mine-1");
    ModelInferResponse response =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())),
            INFER,
            CallOptions.DEFAULT,
            raw("sum", "", 1, 2, 3));
    assertThat(response.getId()).isEqualTo("mine-1");
    Metadata received = Objects.requireNonNull(headers.get());
    assertThat(header(received, "x-request-id")).isEqualTo("mine-1");
    assertThat(header(received, "x-slipway-model-version")).isEqualTo("1");
    assertThat(header(received, "x-slipway-artifact-digest"))
        .isEqualTo(KnownModels.version("sum", 1).digest().value());
  }

  private static @Nullable String header(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Test
  void errorsHaveTheirStatus() {
    assertStatus(raw("none", "", 1, 2, 3), Status.Code.NOT_FOUND, "none");
    assertStatus(
        raw("sum", "", 1, 2, 3).toBuilder().setModelVersion("9").build(),
        Status.Code.NOT_FOUND,
        "9");
    assertStatus(
        raw("sum", "", 1, 2, 3).toBuilder().clearRawInputContents().build(),
        Status.Code.INVALID_ARGUMENT,
        "");
    assertStatus(
        raw("none", "", 1, 2, 3).toBuilder().clearRawInputContents().build(),
        Status.Code.NOT_FOUND,
        "none");
    assertStatus(
        raw("sum", "", 1, 2, 3).toBuilder().setModelVersion("9").clearInputs().build(),
        Status.Code.NOT_FOUND,
        "9");
    assertStatus(
        raw("none", "", 1, 2, 3).toBuilder().setModelVersion("one").build(),
        Status.Code.NOT_FOUND,
        "none");
    assertStatus(
        raw("sum", "", KnownModels.FAILS, 2, 3),
        Status.Code.INTERNAL,
        "internal error, request id");
    assertThatThrownBy(
            () ->
                call(
                    "NoSuchMethod",
                    ServerLiveRequest.getDefaultInstance(),
                    ServerLiveResponse.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  private static void assertStatus(ModelInferRequest request, Status.Code code, String part) {
    assertThatThrownBy(() -> infer(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(part);
              assertThat(e.getStatus().getDescription()).doesNotContain("secret");
            });
  }

  @Test
  void gzipIsUnderstoodAndAnsweredInKind() {
    float[] values = new float[3 * 5_000];
    Arrays.fill(values, 2);
    ModelInferResponse response =
        infer(raw("sum", "", values), CallOptions.DEFAULT.withCompression("gzip"));
    assertThat(response.getRawOutputContents(0).size()).isEqualTo(4 * 5_000);
    assertThat(first(response)).isEqualTo(6f);
  }

  @Test
  void longCompressedMessagesAreReadInTheirOrder() throws InterruptedException {
    BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    StreamObserver<ModelInferRequest> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(
                STREAM,
                CallOptions.DEFAULT
                    .withCompression("gzip")
                    .withDeadlineAfter(30, TimeUnit.SECONDS)),
            new Collected(answers, ends));
    int count = 12;
    for (int i = 0; i < count; i++) {
      float[] values = new float[i % 3 == 0 ? 300_000 : 3];
      values[0] = i;
      requests.onNext(raw("echo", "", values));
    }
    requests.onCompleted();
    for (int i = 0; i < count; i++) {
      ModelStreamInferResponse answer =
          Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS), "an answer");
      assertThat(answer.getErrorMessage()).isEmpty();
      assertThat(first(answer.getInferResponse())).isEqualTo(i);
      assertThat(answer.getInferResponse().getRawOutputContents(0).size())
          .isEqualTo(i % 3 == 0 ? 1_200_000 : 12);
    }
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("completed");
  }

  @Test
  void tenMegabytesPass() {
    float[] values = new float[2_500_002];
    values[0] = 5;
    ModelInferResponse response =
        infer(raw("echo", "", values), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    assertThat(response.getRawOutputContents(0).size()).isEqualTo(4 * values.length);
    assertThat(first(response)).isEqualTo(5f);
  }

  @Test
  void aStreamAnswersInOrderAndGoesOnAfterAnError() throws InterruptedException {
    BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    StreamObserver<ModelInferRequest> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(STREAM, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS)),
            new Collected(answers, ends));
    int count = 600;
    for (int i = 0; i < count; i++) {
      requests.onNext(raw(i == 300 ? "none" : "sum", "r" + i, i, 0, 0));
    }
    requests.onCompleted();
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("completed");
    List<ModelStreamInferResponse> all = new ArrayList<>(answers);
    assertThat(all).hasSize(count);
    for (int i = 0; i < count; i++) {
      ModelStreamInferResponse answer = all.get(i);
      assertThat(answer.getInferResponse().getId()).isEqualTo("r" + i);
      if (i == 300) {
        assertThat(answer.getErrorMessage()).contains("none");
      } else {
        assertThat(answer.getErrorMessage()).isEmpty();
        assertThat(first(answer.getInferResponse())).isEqualTo((float) i);
      }
    }
  }

  private record Collected(
      BlockingQueue<ModelStreamInferResponse> answers, BlockingQueue<String> ends)
      implements StreamObserver<ModelStreamInferResponse> {
    @Override
    public void onNext(ModelStreamInferResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(failure.toString());
    }

    @Override
    public void onCompleted() {
      ends.add("completed");
    }
  }

  @Test
  void aDeadlineEndsTheWaitAndCancellationTheWork() {
    running.models.permits.drainPermits();
    int before = running.models.gateRuns.get();
    Context.CancellableContext first = Context.current().withCancellation();
    Thread holding =
        Thread.ofVirtual().start(() -> first.run(() -> quietly(raw("gate", "", 1, 2, 3))));
    RunningServer.await("the gate is entered", () -> running.models.gateRuns.get() > before);
    assertThatThrownBy(
            () ->
                infer(
                    raw("gate", "", 1, 2, 3),
                    CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    RunningServer.await(
        "the late one has left the queue",
        () -> running.plane.metrics().plane().requestsInFlight() == 1);
    assertThat(running.models.gateRuns).hasValue(before + 1);
    first.cancel(null);
    RunningServer.await("the caller has gone", () -> !holding.isAlive());
    RunningServer.await(
        "nothing is in flight any more",
        () -> {
          running.models.permits.release(1);
          return running.plane.metrics().plane().requestsInFlight() == 0;
        });
  }

  private static void quietly(ModelInferRequest request) {
    try {
      infer(request);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
    }
  }

  /** The caller's window is 64 KiB, so that most of the answer still waits when it cancels. */
  @Test
  void cancellingALargeAnswerLeavesTheConnectionAlone() {
    byte[] large = raw("echo", "", new float[300_000]).toByteArray();
    List<Http2Frames.Frame> received =
        new Http2Frames()
            .compressedGrpcCall(1, "/inference.GRPCInferenceService/ModelInfer", large)
            .cancelAfter(1, 32 << 10)
            .openWindow(1 << 20)
            .grpcCall(3, "/inference.GRPCInferenceService/ServerLive", new byte[0])
            .exchangeUntilEndOf(running, 3);
    assertThat(received)
        .noneMatch(frame -> frame.type() == Http2Frames.GOAWAY)
        .anyMatch(frame -> frame.stream() == 3 && frame.type() == Http2Frames.DATA);
  }

  @Test
  void aCancelledCallLeavesTheOtherCallsOfItsConnectionAlone() {
    // All of it arrives in one read, so the answer to the first call is not yet on its way when it
    // is cancelled.
    List<Http2Frames.Frame> received =
        new Http2Frames()
            .grpcCall(1, "/inference.GRPCInferenceService/ServerLive", new byte[0])
            .cancel(1)
            .grpcCall(3, "/inference.GRPCInferenceService/ServerLive", new byte[0])
            .exchangeUntilEndOf(running, 3);
    assertThat(received)
        .noneMatch(frame -> frame.type() == Http2Frames.GOAWAY)
        .anyMatch(frame -> frame.stream() == 3 && frame.type() == Http2Frames.DATA);
    assertThat(received.getLast().type()).isEqualTo(Http2Frames.HEADERS);
    assertThat(received.getLast().stream()).isEqualTo(3);
  }

  @Test
  void theStandardHealthServiceAnswers() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(
            health
                .check(
                    HealthCheckRequest.newBuilder()
                        .setService("inference.GRPCInferenceService")
                        .build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThatThrownBy(
            () -> health.check(HealthCheckRequest.newBuilder().setService("none").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    assertThat(
            health
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .watch(HealthCheckRequest.getDefaultInstance())
                .next()
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void reflectionListsServicesAndDescribesThem() throws Exception {
    BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("inference.GRPCInferenceService.ModelInfer")
            .build());
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("grpc.health.v1.Health")
            .build());
    requests.onNext(
        ServerReflectionRequest.newBuilder().setFileContainingSymbol("no.Such").build());
    assertThat(take(answers).getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
    assertThat(take(answers).getFileDescriptorResponse().getFileDescriptorProtoCount())
        .isEqualTo(2);
    var health =
        FileDescriptorProto.parseFrom(
            take(answers).getFileDescriptorResponse().getFileDescriptorProto(0));
    // It must be a whole description: this throws if a type is missing.
    assertThat(
            FileDescriptor.buildFrom(health, new FileDescriptor[0])
                .findServiceByName("Health")
                .getMethods())
        .hasSize(2);
    assertThat(take(answers).getErrorResponse().getErrorCode()).isEqualTo(5);
    requests.onCompleted();
  }

  private static ServerReflectionResponse take(BlockingQueue<ServerReflectionResponse> answers)
      throws InterruptedException {
    ServerReflectionResponse answer = answers.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return Objects.requireNonNull(answer);
  }
}
