package dev.slipway.http.catalog;

import static dev.slipway.http.testing.RunningServer.rows;
import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.UnavailableRoute;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.http.testing.KnownModels;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment that could not be restored exists, says why it does not answer, and is no 404. */
class UnavailableModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REASON = "artifact sha256:0f is missing from the store";
  private static RunningServer running;

  @BeforeAll
  static void start() {
    running = RunningServer.start();
    DeploymentRoute route =
        new DeploymentRoute(
            "lost",
            "salt",
            List.of(new VariantRoute(KnownModels.version("sum", 4), VariantRoute.FULL_WEIGHT)));
    running.plane.apply(
        new RoutingTable(
            2,
            running.plane.table().deployments(),
            Map.of("lost", new UnavailableRoute(route, REASON))));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void inferenceIsUnavailableWithTheReason() {
    for (String path :
        List.of(
            "/v2/models/lost/infer",
            "/v2/models/lost/versions/4/infer",
            "/v1/models/lost:predict")) {
      HttpResponse<byte[]> response = running.post(path, rows(1, 2, 3));
      assertThat(response.statusCode()).as(path).isEqualTo(503);
      assertThat(text(response)).contains(REASON);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
    }
    assertThat(running.post("/v2/models/lost/versions/3/infer", rows(1, 2, 3)).statusCode())
        .isEqualTo(404);
    assertThat(running.post("/v2/models/sum/infer", rows(1, 2, 3)).statusCode()).isEqualTo(200);
  }

  @Test
  void grpcInferenceIsUnavailableWithTheReason() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.server.port()).usePlaintext().build();
    try {
      MethodDescriptor<ModelInferRequest, ModelInferResponse> infer =
          MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
              .setRequestMarshaller(ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()))
              .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
              .build();
      ModelInferRequest request = ModelInferRequest.newBuilder().setModelName("lost").build();
      assertThatThrownBy(
              () -> ClientCalls.blockingUnaryCall(channel, infer, CallOptions.DEFAULT, request))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(e.getStatus().getDescription()).contains(REASON);
              });
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void itIsKnownAndNotReady() throws IOException {
    assertThat(running.get("/v2/models/lost/ready").statusCode()).isEqualTo(503);
    assertThat(text(running.get("/v2/models/lost/ready")))
        .isEqualTo("{\"name\":\"lost\",\"ready\":false}");
    assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(running.get("/v2/health/ready").statusCode()).isEqualTo(503);

    HttpResponse<byte[]> metadata = running.get("/v2/models/lost");
    assertThat(metadata.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(metadata.body()).path("versions").toString()).isEqualTo("[\"4\"]");
    assertThat(JSON.readTree(metadata.body()).path("inputs").path(0).path("name").asText())
        .isEqualTo("x");
    assertThat(running.get("/v2/models/lost/config").statusCode()).isEqualTo(200);
    assertThat(running.get("/v2/models/lost/stats").statusCode()).isEqualTo(200);
  }

  @Test
  void theRepositoryListsItWithItsReason() throws IOException {
    JsonNode index = JSON.readTree(running.post("/v2/repository/index", "{}").body());
    assertThat(index)
        .extracting(JsonNode::toString)
        .contains(
            "{\"name\":\"lost\",\"version\":\"4\",\"state\":\"UNAVAILABLE\",\"reason\":\"%s\"}"
                .formatted(REASON));
    assertThat(text(running.post("/v2/repository/index", "{\"ready\":true}")))
        .doesNotContain("lost")
        .contains("sum");
    HttpResponse<byte[]> load = running.post("/v2/repository/models/lost/load", "{}");
    assertThat(load.statusCode()).isEqualTo(503);
    assertThat(text(load)).contains(REASON);
  }
}
