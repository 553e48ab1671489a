package dev.slipway.engine.remote;

import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.tensor.Shape;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.testkit.engine.GoldenModel;
import dev.slipway.testkit.engine.GoldenModel.GoldenCase;
import dev.slipway.testkit.engine.ModelEngineKit;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RemoteEngineContractTest extends ModelEngineKit {
  @TempDir static Path folder;

  private final RemoteEngine engine = new RemoteEngine();
  private final List<SmallV2Server> servers = new ArrayList<>();
  private List<GoldenModel> models = List.of();

  @BeforeAll
  void startServers() throws IOException {
    models = List.of(golden("binary", true), golden("json", false));
  }

  private GoldenModel golden(String name, boolean binary) throws IOException {
    SmallV2Server server = new SmallV2Server(binary);
    servers.add(server);
    ModelArtifact artifact =
        TestArtifacts.of(server.writeArtifact(folder.resolve(name)), ArtifactFormat.REMOTE_V2);
    return new GoldenModel(
        name,
        artifact,
        List.of(
            new GoldenCase(
                List.of(
                    TestTensors.fp32("x", Shape.of(2, 3), 1, 2, 3, 0.5f, 0.25f, 1e-6f),
                    TestTensors.int64("id", Shape.of(2, 1), Long.MAX_VALUE - 1, -3),
                    TestTensors.strings("text", Shape.of(2, 1), "grün", "a \"b\"\n")),
                List.of(
                    TestTensors.fp32("sum", Shape.of(2, 1), 6, 0.5f + 0.25f + 1e-6f),
                    TestTensors.int64("next", Shape.of(2, 1), Long.MAX_VALUE, -2),
                    TestTensors.strings("shout", Shape.of(2, 1), "GRÜN", "A \"B\"\n")))),
        0);
  }

  @AfterAll
  void stopServers() {
    servers.forEach(SmallV2Server::close);
  }

  @Override
  protected ModelEngine engine() {
    return engine;
  }

  @Override
  protected List<GoldenModel> models() {
    return models;
  }

  @Override
  protected ModelArtifact unsupportedArtifact() {
    return artifact("grpc", "url: http://127.0.0.1:1\nmodel: m\nprotocol: grpc\n");
  }

  @Override
  protected List<ModelArtifact> corruptArtifacts() {
    return List.of(
        artifact("empty", ""),
        artifact("list", "- url\n"),
        artifact("no-model", "url: http://127.0.0.1:1\n"),
        artifact("no-url", "model: m\n"),
        artifact("no-scheme", "url: 127.0.0.1:1\nmodel: m\n"),
        artifact("file-url", "url: file:///etc/passwd\nmodel: m\n"),
        artifact("credentials", "url: http://user:secret@127.0.0.1:1\nmodel: m\n"),
        artifact("twice", "url: http://127.0.0.1:1\nmodel: m\nmodel: n\n"),
        artifact("unknown-key", "url: http://127.0.0.1:1\nmodel: m\nmodle: n\n"),
        artifact("timeout", "url: http://127.0.0.1:1\nmodel: m\ntimeout_ms: 0\n"),
        artifact("object", "url: http://127.0.0.1:1\nmodel: !!java.io.File [x]\n"),
        artifact("unclosed", "{\"url\": \"http://127.0.0.1:1\", \"model\": "));
  }

  @Override
  protected Optional<String> reasonToSkip(Case kind) {
    return switch (kind) {
      case CORRUPT_BYTES ->
          Optional.of("a changed byte may name another host; broken files are listed one by one");
      case UNSUPPORTED_ARTIFACT, BIG_BATCH, ZERO_ROWS, LOAD_LEAKS, INFER_LEAKS -> Optional.empty();
    };
  }

  private static ModelArtifact artifact(String name, String content) {
    try {
      Path file = Files.createDirectories(folder.resolve(name)).resolve("remote.yaml");
      return TestArtifacts.of(Files.writeString(file, content), ArtifactFormat.REMOTE_V2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
