package dev.slipway.http.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Rights;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.protocol.grpc.proto.OpenInferenceProto;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way in, on a server for which no caller is {@code local}, as if all came from elsewhere:
 * without credentials nothing answers but what is open by name. A new route or method is found here
 * by itself; one that forgot to ask fails.
 */
class EveryWayInTest {
  private static final Set<String> OPEN =
      Set.of(
          "GET /",
          "GET /v2/health/live",
          "GET /v2/health/ready",
          "inference.GRPCInferenceService/ServerLive",
          "inference.GRPCInferenceService/ServerReady",
          "grpc.health.v1.Health/Check",
          "grpc.health.v1.Health/Watch");

  private static RunningServer running;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    KnownTokens tokens = new KnownTokens();
    tokens.add("nothing", Rights.NONE);
    running =
        RunningServer.start(
            request -> {
              // As the control API does: it asks for the action of the route.
              request.caller().requireKnown(Action.READ_SERVER);
              return new ControlResponse(200, "application/json", new byte[] {'{', '}'});
            },
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

  @Test
  void noRouteAnswersWithoutCredentialsButTheOpenOnes() throws IOException {
    Set<String> answered = new TreeSet<>();
    int asked = 0;
    for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        HttpResponse<byte[]> response = send(method, filled(path.getKey()), "");
        asked++;
        if (response.statusCode() != 401) {
          answered.add(method + " " + path.getKey());
        } else {
          assertThat(response.headers().firstValue("www-authenticate"))
              .as(path.getKey())
              .contains("Bearer realm=\"slipway\"");
          assertThat(RunningServer.text(response)).as(path.getKey()).contains("credentials: none");
        }
      }
    }
    assertThat(asked).isGreaterThan(30);
    answered.remove(
        "POST /api/v1/invitations/redeem"); // Open in the control API, which is not here.
    assertThat(answered)
        .isEqualTo(new TreeSet<>(OPEN.stream().filter(way -> way.startsWith("GET ")).toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/2.0/mlflow/experiments/search",
        "/ajax-api/2.0/mlflow/runs/create",
        "/api/2.0/mlflow-artifacts/artifacts/x",
        "/v3/models",
        "/console",
        "/v2/../v2/models/sum",
        "//v2/models/sum",
        "/%76%32/models/sum",
        "/v2/models/sum/infer/",
        "/metrics/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/such",
        "/API/v1/models"
      })
  void whatIsNoRouteAnswersNobodyUnknown(String path) {
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD")) {
      assertThat(send(method, path, "").statusCode()).as(method + " " + path).isEqualTo(401);
    }
  }

  @Test
  void credentialsThatAreNotAcceptedAreRefusedEvenWhereNoneAreNeeded() {
    for (String authorization :
        List.of("Bearer unknown", "Basic Og==", "Bearer", "Digest x", "Basic %%%")) {
      for (String path : List.of("/", "/v2/health/ready", "/v2", "/metrics", "/api/v1/models")) {
        assertThat(send("GET", path, authorization).statusCode())
            .as(authorization + " " + path)
            .isEqualTo(401);
      }
    }
  }

  @Test
  void whoeverMayDoNothingIsForbiddenEveryRouteOfTheDataPlane() throws IOException {
    for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String way = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
        if (!OPEN.contains(way) && !path.getKey().startsWith("/api/v1/")) {
          HttpResponse<byte[]> response =
              send(
                  operation.getKey().toUpperCase(Locale.ROOT),
                  filled(path.getKey()),
                  "Bearer nothing");
          assertThat(response.statusCode()).as(way).isEqualTo(403);
          assertThat(RunningServer.text(response)).as(way).contains("slipway user allow");
        }
      }
    }
  }

  @Test
  void noMethodAnswersWithoutCredentialsButTheOpenOnes() {
    Set<String> answered = new TreeSet<>();
    for (String method : methods()) {
      Status status = call(method, "");
      if (status.getCode() != Status.Code.UNAUTHENTICATED) {
        answered.add(method);
      }
    }
    assertThat(answered)
        .isEqualTo(new TreeSet<>(OPEN.stream().filter(way -> !way.startsWith("GET ")).toList()));
    assertThat(call("inference.GRPCInferenceService/NoSuch", "").getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(call("no.Such/Method", "").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void whoeverMayDoNothingIsForbiddenEveryMethod() {
    for (String method : methods()) {
      if (!OPEN.contains(method) && !method.endsWith("ModelStreamInfer")) {
        assertThat(call(method, "Bearer nothing").getCode())
            .as(method)
            .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(call(method, "Bearer unknown").getCode())
            .as(method)
            .isEqualTo(Status.Code.UNAUTHENTICATED);
      }
    }
  }

  private static Set<String> methods() {
    Set<String> names = new TreeSet<>();
    for (ServiceDescriptor service : OpenInferenceProto.getDescriptor().getServices()) {
      for (MethodDescriptor method : service.getMethods()) {
        names.add(service.getFullName() + "/" + method.getName());
      }
    }
    for (io.grpc.ServiceDescriptor service :
        List.of(HealthGrpc.getServiceDescriptor(), ServerReflectionGrpc.getServiceDescriptor())) {
      service.getMethods().forEach(method -> names.add(method.getFullMethodName()));
    }
    names.add("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
    // Health lists its services too, which this server does not offer.
    names.remove("grpc.health.v1.Health/List");
    return names;
  }

  /** Sends a message that is a whole request of the method, or for inference the model's name. */
  private static Status call(String method, String authorization) {
    io.grpc.MethodDescriptor<byte[], byte[]> raw =
        io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.SERVER_STREAMING)
            .setFullMethodName(method)
            .setRequestMarshaller(BYTES)
            .setResponseMarshaller(BYTES)
            .build();
    Metadata metadata = new Metadata();
    if (!authorization.isEmpty()) {
      metadata.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    }
    try {
      ClientCalls.blockingServerStreamingCall(
              io.grpc.ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
              raw,
              CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
              method.endsWith("ModelInfer") ? new byte[] {10, 3, 's', 'u', 'm'} : new byte[0])
          .next();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static JsonNode document() throws IOException {
    try (InputStream resource =
        RunningServer.class.getResourceAsStream("/dev/slipway/http/openapi/openapi.json")) {
      return new ObjectMapper().readTree(resource);
    }
  }

  private static String filled(String template) {
    List<String> segments = new ArrayList<>();
    for (String segment : template.split("/", -1)) {
      segments.add(segment.replace("{version}", "1").replaceAll("\\{[^}]+}", "sum"));
    }
    return String.join("/", segments);
  }

  private static HttpResponse<byte[]> send(String method, String path, String authorization) {
    var request = running.request(path).method(method, BodyPublishers.ofString("{}"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return running.send(request);
  }
}
