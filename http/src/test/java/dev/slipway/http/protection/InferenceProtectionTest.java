package dev.slipway.http.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.slipway.core.identity.Rights;
import dev.slipway.http.identity.Access;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What callers see who may not see all, by every way that leads to a model. */
class InferenceProtectionTest {
  private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
      MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setRequestMarshaller(ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
          .build();
  private static final String ROW = RunningServer.rows(0.125f, 0.125f, 0.125f);

  private static RunningServer running;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    KnownTokens tokens = new KnownTokens();
    tokens.add("full", grant("infer:deployment/sum"));
    tokens.add("rounded", grant("infer-rounded:deployment/sum"));
    tokens.add("label", grant("infer-label:deployment/sum"));
    tokens.add("rest", grant("infer:deployment/sum@3/day"));
    tokens.add("grpc", grant("infer:deployment/sum@3/day"));
    tokens.add("nobody", grant("read-deployment:deployment/sum"));
    running =
        RunningServer.start(
            RunningServer.OPTIONS.limits(),
            new Access(tokens, false, KnownTokens.uses(), InstantSource.system()));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.uri("/").getPort())
            .usePlaintext()
            .build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    running.close();
  }

  private static Rights grant(String text) {
    return Rights.parse(List.of(), List.of(text));
  }

  @Test
  void restShowsAsMuchAsTheCallerMaySee() {
    assertThat(v2("full")).contains("[0.375]");
    assertThat(v2("rounded")).contains("[0.38]");
    assertThat(v2("label")).contains("[0.0]");
    assertThat(text(post("/v2/models/sum/infer", "nobody", ROW)))
        .contains("missing: role developer or operator or admin, or grant infer:deployment/sum");
  }

  @Test
  void theOlderProtocolShowsNoMore() {
    String row = "{\"instances\":[[0.125,0.125,0.125]]}";

    assertThat(text(post("/v1/models/sum:predict", "full", row))).contains("0.375");
    assertThat(text(post("/v1/models/sum:predict", "rounded", row))).contains("0.38");
    assertThat(text(post("/v1/models/sum:predict", "label", row)))
        .doesNotContain("375")
        .contains("0");
  }

  @Test
  void grpcShowsNoMore() {
    assertThat(score(infer("full", 1))).isEqualTo(0.375f);
    assertThat(score(infer("rounded", 1))).isEqualTo(0.38f);
    assertThat(score(infer("label", 1))).isZero();
    assertThatThrownBy(() -> infer("nobody", 1))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  void binaryAnswersShowNoMore() {
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/sum/infer",
            "rounded",
            ROW.replace("]}]}", "]}],\"parameters\":{\"binary_data_output\":true}}"));
    int json =
        Integer.parseInt(
            answer.headers().firstValue("inference-header-content-length").orElseThrow());

    assertThat(ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).getFloat(json))
        .isEqualTo(0.38f);
  }

  @Test
  void rowsAreTakenFromTheBudgetOverEveryProtocol() {
    assertThat(
            post("/v2/models/sum/infer", "rest", RunningServer.rows(1, 2, 3, 4, 5, 6)).statusCode())
        .isEqualTo(200);
    HttpResponse<byte[]> refused =
        post("/v2/models/sum/infer", "rest", RunningServer.rows(1, 2, 3, 4, 5, 6));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(text(refused)).contains("at most 1, which are left of 3 a day");
    assertThat(refused.headers().firstValue("retry-after")).isEmpty();
    assertThat(post("/v1/models/sum:predict", "rest", "{\"instances\":[[1,2,3]]}").statusCode())
        .isEqualTo(200);
    assertThat(post("/v1/models/sum:predict", "rest", "{\"instances\":[[1,2,3]]}").statusCode())
        .isEqualTo(429);

    infer("grpc", 3);
    assertThatThrownBy(() -> infer("grpc", 1))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(e.getStatus().getDescription()).contains("left of 3 a day");
            });
  }

  private static String v2(String token) {
    return text(post("/v2/models/sum/infer", token, ROW));
  }

  private static HttpResponse<byte[]> post(String path, String token, String body) {
    return running.send(
        running
            .request(path)
            .header("authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String text(HttpResponse<byte[]> response) {
    return RunningServer.text(response);
  }

  private static ModelInferResponse infer(String token, int rows) {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
        INFER,
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        request(rows));
  }

  private static ModelInferRequest request(int rows) {
    ByteBuffer bytes = ByteBuffer.allocate(12 * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3 * rows; i++) {
      bytes.putFloat(4 * i, 0.125f);
    }
    return ModelInferRequest.newBuilder()
        .setModelName("sum")
        .addInputs(
            ModelInferRequest.InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(rows)
                .addShape(3))
        .addRawInputContents(ByteString.copyFrom(bytes))
        .build();
  }

  private static float score(ModelInferResponse response) {
    return response
        .getRawOutputContents(0)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat(0);
  }
}
