package dev.slipway.bench.floor;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import java.util.concurrent.CountDownLatch;

/**
 * A Vert.x server that reads each request to its end and answers a fixed number of bytes, over REST
 * and gRPC on one port and one event loop.
 */
public final class FloorServer {
  private static final String METHOD = "ModelInfer";

  private FloorServer() {}

  /**
   * Serves until the process is stopped, and prints {@code ready} when it answers.
   *
   * @param args port, bytes of a REST answer, bytes of a gRPC answer
   */
  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[0]);
    Buffer restAnswer = Buffer.buffer("x".repeat(Integer.parseInt(args[1])));
    Buffer grpcAnswer = Buffer.buffer(new byte[Integer.parseInt(args[2])]);
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    GrpcServer grpc = GrpcServer.server(vertx);
    ServiceMethod<Buffer, Buffer> method =
        ServiceMethod.server(
            ServiceName.create("inference", "GRPCInferenceService"),
            METHOD,
            GrpcMessageEncoder.IDENTITY,
            GrpcMessageDecoder.IDENTITY);
    grpc.callHandler(
        method, request -> request.handler(message -> request.response().end(grpcAnswer)));
    CountDownLatch listening = new CountDownLatch(1);
    vertx
        .createHttpServer(
            new HttpServerOptions().setHost("127.0.0.1").setPort(port).setTcpNoDelay(true))
        .requestHandler(request -> answer(request, grpc, restAnswer))
        .listen()
        .onSuccess(server -> listening.countDown())
        .onFailure(
            failure -> {
              System.err.println(failure.getMessage());
              System.exit(1);
            });
    listening.await();
    System.out.println("ready");
    Thread.currentThread().join();
  }

  private static void answer(HttpServerRequest request, GrpcServer grpc, Buffer restAnswer) {
    String contentType = request.getHeader("content-type");
    if (contentType != null && contentType.startsWith("application/grpc")) {
      grpc.handle(request);
      return;
    }
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("content-type", "application/json")
                    .putHeader("content-length", Integer.toString(restAnswer.length()))
                    .end(restAnswer));
  }
}
